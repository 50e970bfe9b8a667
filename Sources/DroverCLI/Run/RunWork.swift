import BatchAPI
import Broker
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
    /// Whether enough has failed to stop early.
    var hasHalted: Bool { get }
    /// Attempts that have ended, of the Job of this uid.
    func attempts(of uid: String) -> Int
    /// Items of a Job that failed for good, if this knows them better than the store.
    var failures: [JobSummary.FailedItem]? { get }
    /// All is over.
    func finish() async
    /// Gets where output goes; called once, before anything starts.
    func show(on output: StandardOutput)
}
