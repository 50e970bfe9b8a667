import BatchAPI

/// How far a Job is.
public struct JobProgress: Sendable, Hashable {
    /// How a Job ended.
    public enum Outcome: Sendable, Hashable {
        /// Every item has succeeded.
        case complete
        /// Some item, or the Job as a whole, has failed; the reason is the one of its condition.
        case failed(reason: String, message: String)
    }

    /// Leases at work; a lease may hold many items.
    public var active: Int
    /// Items that have succeeded.
    public var succeeded: Int
    /// Attempts that have failed.
    public var failed: Int
    /// Indexes that have succeeded, as "1,3-5"; the text may be cut where there are many gaps.
    public var completedIndexes: String
    /// Indexes that have failed for good, as "1,3-5"; nil: the Job does not tell them apart.
    public var failedIndexes: String?
    /// nil while it goes on.
    public var outcome: Outcome?

    init(_ status: JobStatus) {
        (active, succeeded, failed) = (status.active, status.succeeded, status.failed)
        (completedIndexes, failedIndexes) = (status.completedIndexes, status.failedIndexes)
        if status.isTrue("Complete") { outcome = .complete }
        if let condition = status.condition("Failed"), condition.isTrue {
            outcome = .failed(reason: condition.reason, message: condition.message)
        }
    }
}
