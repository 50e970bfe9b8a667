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
    /// Attempts counted as failed; the undecided ones are not among them.
    public var failed: Int
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
    /// The attempt's fencing token.
    public var token: Int64
    /// Its completion index or ordinal; nil in a work queue.
    public var index: Int?
    /// Its pod's name.
    public var pod: String
    /// Its finish time (R35), from which delays count.
    public var finishedAt: Timestamp
    /// The exit code of its first container; nil if that never ended.
    public var exitCode: Int?
    /// Whether the pod has the condition DisruptionTarget (P7).
    public var isDisruption: Bool
    /// The counted failures of its index before this one (P13).
    public var indexFailures: Int

    /// A failed attempt.
    public init(
        token: Int64, index: Int? = nil, pod: String = "", finishedAt: Timestamp, exitCode: Int? = nil, isDisruption: Bool = false,
        indexFailures: Int = 0
    ) {
        (self.token, self.index, self.pod, self.finishedAt) = (token, index, pod, finishedAt)
        (self.exitCode, self.isDisruption, self.indexFailures) = (exitCode, isDisruption, indexFailures)
    }
}
