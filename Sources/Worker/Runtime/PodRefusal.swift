/// Why this worker does not start a pod: what its manifest asks for can't be had here. The pod fails with it; nothing is ignored silently.
public struct PodRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// One word, as a container's reason: CreateContainerConfigError, StartError ...
    public var reason: String
    public var message: String
    /// An object that is missing may still come: the pod waits for it.
    public var mayPass = false
    /// What it is about, if it is not the pod as a whole.
    public var subject: Subject?

    public enum Subject: Sendable, Hashable {
        case container(String)
        case volume(String)
        /// A claim that a volume names.
        case claim
    }

    public init(_ reason: String, _ message: String) { (self.reason, self.message) = (reason, message) }

    /// What the manifest asks for and this worker does not give.
    package static func configuration(_ message: String) -> PodRefusal { PodRefusal("CreateContainerConfigError", message) }

    /// Something that the pod needs is not there, now.
    static func missing(_ message: String) -> PodRefusal {
        var refusal = configuration(message)
        refusal.mayPass = true
        return refusal
    }

    /// About that, unless it says itself what it is about.
    func about(_ subject: Subject) -> PodRefusal {
        var refusal = self
        refusal.subject = refusal.subject ?? subject
        return refusal
    }

    public var description: String { reason + ": " + message }
}
