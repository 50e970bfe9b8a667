/// `--progress`: how a run shows on stderr how far it is.
enum ProgressMode: String, Sendable, CaseIterable {
    /// A bar on a terminal, else plain lines.
    case auto
    /// Whole lines now and then.
    case plain
    /// One JSON object a line.
    case json
    case none

    /// What is drawn.
    enum Style: Sendable {
        case bar
        case plain
        case json
        case none
    }

    /// - Parameter isTerminal: whether stderr is one that understands control sequences.
    func style(isTerminal: Bool) -> Style {
        switch self {
        case .auto: isTerminal ? .bar : .plain
        case .plain: .plain
        case .json: .json
        case .none: .none
        }
    }
}
