import BatchAPI
import Broker

/// Reads the pods of many Jobs, some Jobs at a time.
struct PodScan {
    let broker: any APIStore
    private static let width = 32

    /// - Parameter namespace: nil for all.
    /// - Returns: the pods with their Jobs, also those that no client sees, and the store's version before.
    func run(namespace: String?) async throws -> (pods: [(Job, PodRecord)], resourceVersion: String) {
        let list = try await broker.jobs(namespace: namespace)
        let hidden = try await broker.hiddenJobs().filter { namespace == nil || $0.metadata.namespace == namespace }
        let jobs = list.jobs + hidden, broker = broker
        let pods = try await withThrowingTaskGroup(of: [(Job, PodRecord)].self) { group in
            var pods: [(Job, PodRecord)] = []
            for (number, job) in jobs.enumerated() {
                if number >= Self.width, let some = try await group.next() { pods += some }
                group.addTask { try await broker.pods(uid: job.metadata.uid).map { (job, $0) } }
            }
            for try await some in group { pods += some }
            return pods
        }
        return (pods, list.resourceVersion)
    }
}
