import BatchAPI

/// A lease's fencing token: it only grows (I5).
public typealias Token = Int64

/// A slot's call for work. One call of a slot is in flight at a time; a resend repeats the sequence.
public struct ClaimRequest: Sendable, Hashable {
    public var node: String
    public var instance: String
    public var slot: Int
    /// Grows by one with every call of the slot that is not a resend.
    public var sequence: Int64
    /// The most items that the lease may hold where items run in chunks; attempts with a pod of their own get one.
    public var items: Int
    /// The uid of the pod to make; "" makes none (chunks).
    public var podUID: String
    /// Only this Job, or nil for any.
    public var job: String?
    /// Ids of the placement classes of which the node takes Jobs now; at least one. "" is the class of Jobs that ask for nothing.
    public var classes: [String]
    /// If there is nothing now, a chunk may be handed out to the slot later, with the node's news, as the answer to its next call.
    public var takesHandouts: Bool

    public init(
        node: String, instance: String, slot: Int, sequence: Int64, items: Int = 1, podUID: String = "", job: String? = nil, classes: [String] = [""],
        takesHandouts: Bool = false
    ) {
        (self.node, self.instance, self.slot, self.sequence) = (node, instance, slot, sequence)
        (self.items, self.podUID, self.job, self.classes, self.takesHandouts) = (items, podUID, job, classes, takesHandouts)
    }
}

/// What a claim brought.
public enum ClaimReply: Sendable, Hashable {
    case granted(Grant)
    /// Nothing to start now; `next` is when a back-off or due time ends, if that is known.
    case nothing(next: Timestamp?)
}

/// A lease.
public struct Grant: Sendable, Hashable {
    public var job: String
    public var token: Token
    /// The items: completion indexes or ordinals; nil for an attempt of a work queue.
    public var items: ClosedRange<Int>?
    /// The pod's name, "" for chunks.
    public var pod: String
    public var podUID: String
    /// The Job's resourceVersion, to cache its template by.
    public var revision: String
    /// Counted failures of the index before this attempt (P13).
    public var failures: Int
    /// What was pushed with the items, see `PackedItems`; empty if nothing was.
    public var payloads: [UInt8]

    public init(
        job: String, token: Token, items: ClosedRange<Int>?, pod: String, podUID: String, revision: String, failures: Int, payloads: [UInt8] = []
    ) {
        (self.job, self.token, self.items, self.pod) = (job, token, items, pod)
        (self.podUID, self.revision, self.failures, self.payloads) = (podUID, revision, failures, payloads)
    }
}

/// A running attempt's news.
public struct Progress: Sendable, Hashable {
    public var job: String
    public var token: Token
    public var instance: String
    /// Milliseconds since the container started; -1 while the pod's containers don't run yet.
    public var startedAgo: Int
    /// Restarts in place so far (R32).
    public var restarts: Int
    /// Whether a container runs now; false while it waits for its restart (P4).
    public var isRunning: Bool
    /// The exit code of the container's last end, if it was restarted.
    public var lastExitCode: Int?
    /// See `ContainerState.text`; nil: nothing is told of single containers.
    public var states: String?

    public init(job: String, token: Token, instance: String, startedAgo: Int, restarts: Int = 0, isRunning: Bool = true, lastExitCode: Int? = nil) {
        (self.job, self.token, self.instance, self.startedAgo) = (job, token, instance, startedAgo)
        (self.restarts, self.isRunning, self.lastExitCode) = (restarts, isRunning, lastExitCode)
    }
}

/// How a leased attempt, or chunk, ended.
public struct Report: Sendable, Hashable {
    public enum Result: String, Sendable, Hashable {
        case succeeded = "S"
        case failed = "F"
        /// Given back uncounted (as R11): never started, or ended because the store was away.
        case released = "R"
    }

    public var request: ClaimRequest
    public var job: String
    public var token: Token
    public var result: Result
    public var exitCode: Int
    public var reason: String
    public var message: String
    public var restarts: Int
    /// Milliseconds before this call; -1 if it never started.
    public var startedAgo: Int
    public var finishedAgo: Int
    /// Ended by the node, not by itself (P7).
    public var disruption: String
    /// The last lines of output of a failed attempt, at most 4 KiB.
    public var tail: String
    /// Items of a chunk that failed; the rest succeeded.
    public var exceptions: [Int]
    /// How each of `exceptions` ended; empty: as this report says.
    public var details: [ItemFailure] = []
    /// What items of a chunk have come to.
    public var results = PackedResults()
    /// How many items of a chunk, from its first, were run; the others start again. nil: all.
    public var ran: Int?
    /// How many items make about 100 ms of work; nil: not known.
    public var pace: Int?
    /// Whose exit code it is; "" for the pod's first container.
    public var container = ""
    /// See `ContainerState.text`; nil: nothing is told of single containers.
    public var states: String?

    public init(_ request: ClaimRequest, job: String, token: Token, result: Result) {
        (self.request, self.job, self.token, self.result) = (request, job, token, result)
        (exitCode, reason, message, restarts, startedAgo, finishedAgo) = (0, "", "", 0, -1, 0)
        (disruption, tail, exceptions) = ("", "", [])
    }
}

/// How one item of a chunk failed.
public struct ItemFailure: Sendable, Hashable {
    public var exitCode: Int
    public var message: String

    public init(exitCode: Int, message: String) { (self.exitCode, self.message) = (exitCode, message) }
}

public struct ReportReply: Sendable, Hashable {
    /// False: the token was no longer the item's (I5); nothing was changed.
    public var accepted: Bool
    /// The answer to the claim in the same call.
    public var next: ClaimReply?

    public init(accepted: Bool, next: ClaimReply?) {
        (self.accepted, self.next) = (accepted, next)
    }
}
