/// Why this worker does not start a pod: what its manifest asks for can't be had here. The pod fails with it; nothing is ignored silently.
public struct PodRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// One word, as a container's reason: CreateContainerConfigError, StartError ...
    public var reason: String
    public var message: String

    public init(_ reason: String, _ message: String) { (self.reason, self.message) = (reason, message) }

    public var description: String { reason + ": " + message }
}
