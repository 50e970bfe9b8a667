import BatchAPI

/// What is to be done about a Job: fields that the ledger applies in one step, without knowing why.
public struct Plan: Sendable, Hashable {
    /// Whether attempts may start at all. Open during a back-off: the ledger itself holds to `notBefore`.
    public var gate: Gate
    /// How many attempts may be active, undecided ones included (R8-R10). More than that are surplus while the gate is open (R11).
    public var permits: Int
    /// The whole new status, as it is once the verdicts and the cut are applied.
    public var status: JobStatus
    /// What becomes of each undecided attempt.
    public var verdicts: [Verdict]
    /// Failures since the last success (R33, R34).
    public var failuresSinceSuccess: Int
    /// No attempt starts sooner (R33).
    public var notBefore: Timestamp?
    /// From here on no attempt may start, and the Job fails (R47).
    public var deadline: Timestamp?
    /// How all live attempts are to be deleted; nil leaves them.
    public var cut: Cut?
    /// The Job ends: every failure counts now, what is still being deleted never will.
    public var ends = false
    /// The Job is being deleted: nothing that still runs will count (R25).
    public var blinds = false
    /// Events about the Job, oldest first (§8.1).
    public var events: [JobEvent]
    /// When to look at the Job again if nothing happens before; a time that has passed means at once.
    public var nextLook: Timestamp?
    /// The Job's time to live is over: delete it in the foreground (R70).
    public var deletesJob: Bool

    /// A plan; by default it keeps the gate shut and does nothing.
    public init(
        gate: Gate, permits: Int = 0, status: JobStatus, verdicts: [Verdict] = [], failuresSinceSuccess: Int = 0, notBefore: Timestamp? = nil,
        deadline: Timestamp? = nil, cut: Cut? = nil, events: [JobEvent] = [], nextLook: Timestamp? = nil, deletesJob: Bool = false
    ) {
        (self.gate, self.permits, self.status, self.verdicts) = (gate, permits, status, verdicts)
        (self.failuresSinceSuccess, self.notBefore, self.deadline) = (failuresSinceSuccess, notBefore, deadline)
        (self.cut, self.events, self.nextLook, self.deletesJob) = (cut, events, nextLook, deletesJob)
    }
}

/// The ledger's yes or no to starting anything.
public enum Gate: Sendable, Hashable {
    /// Attempts may start, up to the permits.
    case open
    /// None starts; the reason is a short word, never empty.
    case shut(String)
}

/// How all live attempts of a Job are deleted.
public enum Cut: Sendable, Hashable {
    /// They count neither as succeeded nor as failed, however they end (R11, R19, R54).
    case uncounted
    /// They count as failed at once (R50).
    case counted
}

/// What policy decides about one failed attempt.
public struct Verdict: Sendable, Hashable {
    /// What becomes of the attempt's item.
    public enum Fate: Sendable, Hashable {
        /// It is tried again, as soon as gate, permits and delays allow.
        case retry
        /// Its index has failed for good (R38).
        case failIndex
        /// There is no such item (any more): an index beyond completions (R4), or a work queue that drains (R9).
        case drop
    }

    /// The attempt's fencing token.
    public var token: Int64
    public var fate: Fate
    /// Whether `status.failed` grows by it.
    public var isCounted: Bool
    /// The index's own back-off (R37); nil where there is none.
    public var notBefore: Timestamp?
    /// What the podFailurePolicy's rule that it met does (R44); nil if it met none.
    public var policyAction: String?

    /// A verdict about the attempt of a token.
    public init(token: Int64, fate: Fate, isCounted: Bool, notBefore: Timestamp? = nil) {
        (self.token, self.fate, self.isCounted, self.notBefore) = (token, fate, isCounted, notBefore)
    }
}

/// An event about a Job, as the job-controller reports it (§8.1).
public struct JobEvent: Sendable, Hashable {
    /// "Normal" or "Warning".
    public var type: String
    public var reason: String
    public var message: String

    /// An event of its parts.
    public init(type: String, reason: String, message: String) {
        (self.type, self.reason, self.message) = (type, reason, message)
    }

    static func normal(_ reason: String, _ message: String) -> JobEvent { JobEvent(type: "Normal", reason: reason, message: message) }
    static func warning(_ reason: String, _ message: String) -> JobEvent { JobEvent(type: "Warning", reason: reason, message: message) }
}
