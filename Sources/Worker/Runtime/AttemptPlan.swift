import BatchAPI
import Broker

/// All that a worker needs to run one attempt as processes.
public struct AttemptPlan: Sendable {
    public var containers: [ContainerPlan]
    /// In the order of their start, sidecars among them.
    public var initContainers: [ContainerPlan] = []
    /// What the containers mount.
    public var volumes: [VolumePlan] = []
    /// Who may write the volumes that are the pod's own.
    public var volumeGroup: UInt32?
    /// From SIGTERM to SIGKILL.
    public var grace: Duration
    /// The attempt's own deadline from its start (P9).
    public var deadline: Duration?
    /// What was pushed with its item; nil: nothing was.
    public var item: [UInt8]?
    /// The exit code of a process that could not be started; nil: as a shell has it, 127 or 126.
    public var startErrorCode: Int32?

    public init(containers: [ContainerPlan], grace: Duration) {
        (self.containers, self.grace) = (containers, grace)
    }

    /// One container without anything of a pod around it.
    public init(arguments: [[UInt8]], environment: [String: String], workingDirectory: String? = nil, grace: Duration = .seconds(30)) {
        self.init(
            containers: [ContainerPlan(name: "main", arguments: arguments, environment: environment, workingDirectory: workingDirectory)], grace: grace)
    }

    var all: [ContainerPlan] { initContainers + containers }

    /// Whether nothing of it needs a directory of the pod's own.
    var needsNoFolder: Bool {
        item == nil && volumes.isEmpty && all.allSatisfy { $0.workingDirectory != nil && $0.security.isPlain && $0.message == TerminationMessage() }
    }

    /// Whether it is one process, perhaps run again when it has failed.
    var isPlain: Bool {
        guard initContainers.isEmpty, containers.count == 1, let only = containers.first else { return false }
        return only.care.isNone && only.restart.codes.isEmpty && only.restart.policy != .always
    }
}

/// Says how an attempt is run. The worker asks before each.
public protocol AttemptPlanner: Sendable {
    func plan(job: Job, grant: Grant) async throws(PodRefusal) -> AttemptPlan
    /// What the files are now of the pod's volumes that consist of files.
    func files(job: Job, grant: Grant) async throws(PodRefusal) -> [String: [VolumeFile]]
}

extension AttemptPlanner {
    public func files(job: Job, grant: Grant) async throws(PodRefusal) -> [String: [VolumeFile]] { [:] }
}
