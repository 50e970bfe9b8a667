import BatchAPI
import Broker
import JobController
import Logging

/// One look at all Jobs that are due.
struct AgendaPass {
    let broker: any Broker
    let policy: Options
    let epoch: Int64
    let logger: Logger
    var metrics = JobMetrics()
    private static let batch = 64

    /// - Parameter rebuild: every Job is due, for a leader that knows nothing.
    /// - Returns: what was due, and when the next is.
    func run(rebuild: Bool = false) async throws(BrokerError) -> Agenda {
        let agenda = try await broker.agenda(limit: Self.batch, rebuild: rebuild, epoch: epoch)
        for uid in agenda.jobs { try await look(uid) }
        return agenda
    }

    /// One Job's trouble does not stop the others; the store's does.
    private func look(_ uid: String) async throws(BrokerError) {
        do throws(BrokerError) {
            try await JobReconciler(broker: broker, policy: policy, epoch: epoch, metrics: metrics).reconcile(uid)
        } catch {
            if error.isTransient || error.code == .stale || error.code == .cancelled { throw error }
            logger.error("job \(uid): \(error)")
        }
    }
}
