/// What the items of a benchmark do.
enum BenchWorkload: String, Sendable, CaseIterable {
    /// A handler that does nothing.
    case nothing = "no-op"
    /// A handler that sleeps.
    case sleep
    /// A handler that keeps a core busy.
    case cpu
    /// A pod that runs /bin/true, with logs.
    case process
    /// A line to a process that lives on.
    case stream

    /// Whether its items are calls of handlers in the worker's own process; else they are run as `drover worker` does.
    var isHandler: Bool { self == .nothing || self == .sleep || self == .cpu }

    /// The name that its handler is registered under, of the benchmark that is so marked.
    func handler(_ mark: String) -> String { "\(mark)-\(rawValue)" }
    static func latencyHandler(_ mark: String) -> String { mark + "-latency" }
}
