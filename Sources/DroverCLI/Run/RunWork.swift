import BatchAPI
import Broker
import RedisBroker
import Worker

/// What `run` is to do, and how its output is shown.
protocol RunWork: AttemptObserver {
    /// To be created, in this order.
    var jobs: [Job] { get }
    var settings: LedgerSettings { get }
    /// How many attempts run side by side at most.
    var slots: Int { get }
    /// Whether attempts are shown as pods.
    var makesPods: Bool { get }
    var planner: any AttemptPlanner { get }
    /// Shows live output until cancelled.
    func follow() async
    /// Feeds the Jobs, which are there now, and takes what they come to, until they have ended or this is cancelled.
    /// - Parameter lost: told why it can't go on.
    func exchange(_ broker: RedisBroker, lost: @escaping @Sendable (String) async -> Void) async
    /// Whether enough has failed to stop early.
    var hasHalted: Bool { get }
    /// What has become of the attempts of the Job of this uid.
    func record(of uid: String) -> RunRecord
    /// All is over.
    func finish() async
    /// Gets where output goes; called once, before anything starts.
    func show(on output: StandardOutput)
}

extension RunWork {
    func exchange(_ broker: RedisBroker, lost: @escaping @Sendable (String) async -> Void) async {}
}

/// What has become of a Job's attempts, as this process has seen them end.
struct RunRecord: Sendable {
    /// Attempts that have ended, retries included.
    var attempts = 0
    var succeeded = 0
    var failed = 0
    /// Items that were not done in the end, in order, each with its last attempt; pods that had no item.
    var failures: [Failure] = []
    /// Failures that were not remembered.
    var others = 0

    struct Failure: Sendable {
        var item: JobSummary.FailedItem
        /// How its last container but one ended.
        var before: JobSummary.FailedItem.End?
        var token: Token
        /// In ms since 1970.
        var finishedAt: Int64
    }
}
