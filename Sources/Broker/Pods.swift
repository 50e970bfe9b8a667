import BatchAPI

/// A pod as its varying fields; the rest is the Job's template.
public struct PodRecord: Sendable, Hashable {
    public var token: Token
    public var name: String
    public var uid: String
    public var index: Int?
    /// "" while it is not bound.
    public var node = ""
    public var phase = "Pending"
    public var created: Timestamp
    public var started: Timestamp?
    public var finished: Timestamp?
    /// When it failed by being deleted (R30, R35); nil if its end says so.
    public var failedAt: Timestamp?
    /// When its deletion was asked for.
    public var deletion: Timestamp?
    /// Seconds of grace from there on; nil: the template's.
    public var grace: Int?
    public var exitCode: Int?
    /// Whose exit code it is; "" for the pod's first container.
    public var container = ""
    public var reason = ""
    public var message = ""
    public var disruption = ""
    /// Why no node takes it, while it is not bound; "": not known, or it is only a matter of time.
    public var waits = ""
    public var restarts = 0
    /// Each container, where its worker tells of each; else all are as the fields around this say.
    public var states: [ContainerState] = []
    /// Ready, as far as it is told.
    public var isRunning = false
    /// Counted and ignored failures of its index before it (P13).
    public var failures = 0
    public var ignores = 0
    public var tail = ""
    /// Its outcome is counted or never will be: the tracking finalizer is off (P15).
    public var isCounted = false
    /// Its Job is not its owner (any more).
    public var isDisowned = false
    /// What a client has set in its metadata: labels, annotations, finalizers, ownerReferences as a whole; nil: as its template says.
    public var metadata: Value?
    /// The status as an agent outside wrote it; nil: as the fields above say.
    public var status: Value?
    /// Its spec if that is not the template's.
    public var spec: Value?
    public var resourceVersion = ""

    public init(token: Token, name: String, created: Timestamp) {
        (self.token, self.name, self.created, uid) = (token, name, created, "")
    }

    /// Whether it may still run (P1).
    public var isLive: Bool { phase == "Pending" || phase == "Running" }
    /// Whether it has ended.
    public var isTerminal: Bool { phase == "Succeeded" || phase == "Failed" }
}

/// What a client, or an agent outside, writes of a pod. Nil leaves a field as it is.
public struct PodWrite: Sendable, Hashable {
    public var job: String
    public var token: Token
    /// The resourceVersion that the pod must still have; nil: any.
    public var version: String?
    public var node: String?
    /// Succeeded or Failed ends the attempt.
    public var phase: String?
    public var isReady: Bool?
    /// When it became ready; nil leaves it.
    public var readied: Timestamp?
    public var restarts: Int?
    public var started: Timestamp?
    /// Its finish time (R35), where the phase is terminal.
    public var finished: Timestamp?
    public var exitCode: Int?
    public var disruption: String?
    /// New metadata (see `PodRecord.metadata`) and whether it holds finalizers other than the tracking one.
    public var metadata: Value?
    public var holdsFinalizers: Bool?
    /// The tracking finalizer was taken off by hand: its outcome will not count (R4).
    public var untracks = false
    /// It is its Job's no more (R3).
    public var leaves = false
    /// The index that its annotations now tell, -1 for none; and the failures before it (P13).
    public var index: Int?
    public var failures: Int?
    public var ignores: Int?
    public var status: Value?
    public var spec: Value?

    public init(job: String, token: Token, version: String? = nil) { (self.job, self.token, self.version) = (job, token, version) }
}

/// A pod that a client wants gone (P10, R94).
public struct PodDeletion: Sendable, Hashable {
    public var job: String
    public var token: Token
    public var version: String?
    /// Seconds; what has ended, or was never bound, gets none.
    public var grace: Int
    /// When it failed, if its deletion makes it count as failed (R30, R35); nil: now.
    public var finished: Timestamp?

    public init(job: String, token: Token, version: String? = nil, grace: Int, finished: Timestamp? = nil) {
        (self.job, self.token, self.version, self.grace, self.finished) = (job, token, version, grace, finished)
    }
}

/// Pods as objects.
public protocol PodStore: Sendable {
    /// Pods of the given Jobs' attempts, live and finished.
    func pods(uid: String) async throws(BrokerError) -> [PodRecord]
    /// The pod of a name, with its Job; nil if there is none.
    func pod(namespace: String, name: String) async throws(BrokerError) -> (job: Job, pod: PodRecord)?
    /// Jobs that no client sees but whose pods are still there: deleted and orphaned ones, and pods that clients created, each as a
    /// Job around it.
    func hiddenJobs() async throws(BrokerError) -> [Job]
    /// Stores a pod that no Job owns: `holder` is a Job of the pod's name, namespace and uid whose template is the pod.
    /// - Returns: its resourceVersion.
    /// - Throws: `.alreadyExists`.
    func createPod(_ holder: Job, metadata: Value, isTracked: Bool) async throws(BrokerError) -> String
    /// Pods of a namespace that no Job owns, each with what holds it; at most 500.
    func strays(namespace: String) async throws(BrokerError) -> [(job: Job, pod: PodRecord)]
    /// - Returns: whether the Job has the pod now; not if that is gone or somebody's.
    func adopt(_ adoption: Adoption, epoch: Int64) async throws(BrokerError) -> Bool
    /// Deletes live attempts, uncounted (R16).
    func discard(uid: String, epoch: Int64, _ attempts: [Surplus]) async throws(BrokerError)
    /// - Returns: the pod's resourceVersion.
    /// - Throws: `.notFound`, `.conflict`.
    func write(_ write: PodWrite) async throws(BrokerError) -> String
    /// - Returns: whether the pod is gone.
    /// - Throws: `.notFound`, `.conflict`.
    func delete(_ deletion: PodDeletion) async throws(BrokerError) -> Bool
}

/// A Job takes an ownerless pod, or one that a client made in its name (R3).
public struct Adoption: Sendable, Hashable {
    public var job: String
    /// Where the pod is now.
    public var holder: String
    public var token: Token
    /// Its completion index, if it has one.
    public var index: Int?
    /// Whether its outcome will count.
    public var isTracked: Bool
    /// Its metadata as `PodRecord.metadata` and its whole spec.
    public var metadata: Value
    public var spec: Value
    public var failures = 0
    public var ignores = 0

    public init(job: String, holder: String, token: Token, index: Int?, isTracked: Bool, metadata: Value, spec: Value) {
        (self.job, self.holder, self.token, self.index) = (job, holder, token, index)
        (self.isTracked, self.metadata, self.spec) = (isTracked, metadata, spec)
    }
}

/// A live attempt that must go, uncounted, and the one of its index that stays (R16).
public struct Surplus: Sendable, Hashable {
    public var token: Token
    public var heir: Token?

    public init(token: Token, heir: Token?) { (self.token, self.heir) = (token, heir) }
}

/// An event about a Job, equal ones folded (R100).
public struct EventRecord: Sendable, Hashable {
    public var name: String
    public var namespace: String
    public var object: String
    /// "Job" or "Pod".
    public var kind = "Job"
    public var uid: String
    public var type: String
    public var reason: String
    public var message: String
    public var count: Int
    public var first: Timestamp
    public var last: Timestamp
    public var resourceVersion: String

    public init(
        name: String, namespace: String, object: String, uid: String, type: String, reason: String, message: String, count: Int, first: Timestamp,
        last: Timestamp, resourceVersion: String
    ) {
        (self.name, self.namespace, self.object, self.uid) = (name, namespace, object, uid)
        (self.type, self.reason, self.message, self.count) = (type, reason, message, count)
        (self.first, self.last, self.resourceVersion) = (first, last, resourceVersion)
    }
}

/// Events as objects: those that the store notes itself.
public protocol EventStore: Sendable {
    /// The events of a namespace (nil: of all), by namespace and name.
    func events(namespace: String?) async throws(BrokerError) -> [EventRecord]
    /// The one of a name.
    func event(namespace: String, name: String) async throws(BrokerError) -> EventRecord?
}
