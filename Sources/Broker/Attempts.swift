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
    /// How many items the lease may hold: 1 for processes, more for chunks.
    public var items: Int
    /// The uid of the pod to make; "" makes none (chunks).
    public var podUID: String
    /// Only this Job, or nil for any.
    public var job: String?
    /// Ids of the placement classes of which the node takes Jobs now; at least one. "" is the class of Jobs that ask for nothing.
    public var classes: [String]

    public init(
        node: String, instance: String, slot: Int, sequence: Int64, items: Int = 1, podUID: String = "", job: String? = nil, classes: [String] = [""]
    ) {
        (self.node, self.instance, self.slot, self.sequence) = (node, instance, slot, sequence)
        (self.items, self.podUID, self.job, self.classes) = (items, podUID, job, classes)
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

    public init(job: String, token: Token, items: ClosedRange<Int>?, pod: String, podUID: String, revision: String, failures: Int) {
        (self.job, self.token, self.items, self.pod) = (job, token, items, pod)
        (self.podUID, self.revision, self.failures) = (podUID, revision, failures)
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

public struct ReportReply: Sendable, Hashable {
    /// False: the token was no longer the item's (I5); nothing was changed.
    public var accepted: Bool
    /// The answer to the claim in the same call.
    public var next: ClaimReply?

    public init(accepted: Bool, next: ClaimReply?) {
        (self.accepted, self.next) = (accepted, next)
    }
}
