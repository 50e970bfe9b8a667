import BatchAPI
import Broker

/// All that a worker needs to run one attempt as a process.
public struct AttemptPlan: Sendable {
    /// The container's name, for its log and status.
    public var container: String
    /// Command and arguments, as bytes.
    public var arguments: [[UInt8]]
    public var environment: [String: String]
    /// nil: a directory of the pod's own, made for it and removed after it.
    public var workingDirectory: String?
    /// What it sees at other places.
    public var volumes: [VolumePlan] = []
    /// From SIGTERM to SIGKILL.
    public var grace: Duration
    /// A failed process is started again within the attempt (P3).
    public var restartsInPlace: Bool
    /// The attempt's own deadline from its start (P9).
    public var deadline: Duration?
    /// The exit code of a process that could not be started; nil: as a shell has it, 127 or 126.
    public var startErrorCode: Int32?

    public init(arguments: [[UInt8]], environment: [String: String], workingDirectory: String? = nil, grace: Duration = .seconds(30)) {
        (container, self.arguments, self.environment, self.workingDirectory) = ("main", arguments, environment, workingDirectory)
        (self.grace, restartsInPlace, deadline, startErrorCode) = (grace, false, nil, nil)
    }
}

/// Says how an attempt is run. The worker asks before each start.
public protocol AttemptPlanner: Sendable {
    func plan(job: Job, grant: Grant) throws(PodRefusal) -> AttemptPlan
}
