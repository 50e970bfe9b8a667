/// All that one container of a pod is run from.
public struct ContainerPlan: Sendable {
    /// For its log and status.
    public var name: String
    /// Command and arguments, as bytes.
    public var arguments: [[UInt8]]
    public var environment: [String: String]
    /// nil: the pod's own directory.
    public var workingDirectory: String?
    public var mounts: [MountPlan] = []
    public var security = SecurityPlan()
    public var restart = RestartRule(.never)
    public var care = ContainerCare()
    public var limits = ResourceLimits()
    public var message = TerminationMessage()
    /// An init container that stays beside the others.
    public var isSidecar = false

    public init(name: String, arguments: [[UInt8]], environment: [String: String], workingDirectory: String? = nil) {
        (self.name, self.arguments, self.environment, self.workingDirectory) = (name, arguments, environment, workingDirectory)
    }

    /// Variables that stand unless the container has some of that name.
    mutating func add(_ variables: [String: String]?) { environment.merge(variables ?? [:]) { own, _ in own } }
}
