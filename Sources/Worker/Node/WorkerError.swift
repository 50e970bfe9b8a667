/// Why a worker can't start or go on.
public struct WorkerError: Error, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
