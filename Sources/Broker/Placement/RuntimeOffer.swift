import BatchAPI

/// An item runs where there is its runtime; a handler where a program offers one for its image.
enum RuntimeOffer {
    static func refusal(_ terms: PlacementTerms, _ node: PlacementNode) -> [String] {
        // A name that is unknown is the process runtime's to refuse.
        let runtime = RuntimeClass(rawValue: terms.runtime ?? "") ?? .process
        guard node.runtimes.contains(runtime) else { return ["node(s) had no runtime \(runtime.rawValue)"] }
        guard let handler = terms.handler, !node.handlers.contains(handler) else { return [] }
        return ["node(s) had no handler for image \(handler)"]
    }
}
