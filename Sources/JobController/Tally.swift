import BatchAPI

/// What the ledger holds of one Job at one moment: all that the controller may know of its attempts (R4).
public struct Tally: Sendable, Hashable {
    /// Attempts that may still run and have no deletionTimestamp; the undecided ones are not among them.
    public var active: Int
    /// Active attempts that are Ready.
    public var ready: Int
    /// Attempts with a deletionTimestamp that still run.
    public var terminating: Int
    /// Attempts that succeeded; Indexed: distinct indexes below completions.
    public var succeeded: Int
    /// Of `terminating`: those whose own end decides how they count (R46).
    public var kept = 0
    /// Attempts counted as failed; the undecided ones are not among them.
    public var failed: Int
    /// Of `failed`: those that show only when their index is tried again (R36).
    public var late = 0
    /// Nothing that still runs will count: the Job is being deleted (R25).
    public var isBlind = false
    /// The sum of container restarts of the active attempts (R32).
    public var restarts: Int
    /// Indexes that failed for good (R38).
    public var failedIndexes: Int
    /// Failures since the last success, as the last plan left them (R33).
    public var failuresSinceSuccess: Int
    /// The newest success since the last plan, if a failure was undecided then (R34); other successes have reset the count already.
    public var newestSuccess: Timestamp?
    /// The end of the back-off, as the last plan left it.
    public var notBefore: Timestamp?
    /// Failed attempts that await a verdict, oldest first.
    public var undecided: [Outcome]
    /// Text of the completed indexes (R60); nil unless Indexed.
    public var completedIndexes: String?
    /// Text of the failed indexes (R60), without those that fail now; nil without backoffLimitPerIndex.
    public var failedIndexesText: String?

    /// A tally; by default that of a Job which has not begun.
    public init(
        active: Int = 0, ready: Int = 0, terminating: Int = 0, succeeded: Int = 0, failed: Int = 0, restarts: Int = 0, failedIndexes: Int = 0,
        failuresSinceSuccess: Int = 0, newestSuccess: Timestamp? = nil, notBefore: Timestamp? = nil, undecided: [Outcome] = [],
        completedIndexes: String? = nil, failedIndexesText: String? = nil
    ) {
        (self.active, self.ready, self.terminating) = (active, ready, terminating)
        (self.succeeded, self.failed, self.restarts, self.failedIndexes) = (succeeded, failed, restarts, failedIndexes)
        (self.failuresSinceSuccess, self.newestSuccess, self.notBefore) = (failuresSinceSuccess, newestSuccess, notBefore)
        (self.undecided, self.completedIndexes, self.failedIndexesText) = (undecided, completedIndexes, failedIndexesText)
    }
}

/// A failed attempt that is held for a verdict.
public struct Outcome: Sendable, Hashable {
    /// How one of its containers ended.
    public struct Exit: Sendable, Hashable {
        public var container: String
        /// Nil while it runs.
        public var code: Int?

        /// A container's end.
        public init(_ container: String, _ code: Int?) { (self.container, self.code) = (container, code) }
    }

    /// The attempt's fencing token.
    public var token: Int64
    /// Its completion index or ordinal; nil in a work queue.
    public var index: Int?
    /// Its pod's name.
    public var pod: String
    /// Its finish time (R35), from which delays count.
    public var finishedAt: Timestamp
    /// How its containers ended, regular ones before init containers (R42).
    public var exits: [Exit]
    /// Its pod's conditions by type, with their status (R43).
    public var conditions: [String: String]
    /// The counted and the ignored failures of its index before this one (P13).
    public var indexFailures: Int
    public var indexIgnores: Int

    /// A failed attempt.
    public init(
        token: Int64, index: Int? = nil, pod: String = "", finishedAt: Timestamp, exits: [Exit] = [], conditions: [String: String] = [:],
        indexFailures: Int = 0, indexIgnores: Int = 0
    ) {
        (self.token, self.index, self.pod, self.finishedAt) = (token, index, pod, finishedAt)
        (self.exits, self.conditions, self.indexFailures, self.indexIgnores) = (exits, conditions, indexFailures, indexIgnores)
    }

    /// Whether the pod has the condition DisruptionTarget (P7).
    public var isDisruption: Bool { conditions["DisruptionTarget"] == "True" }
}
