import BatchAPI
import Broker

/// What a Job's finalizers ask for before it goes (R91): its pods deleted first, or given up.
struct JobRemoval {
    static let foreground = "foregroundDeletion"
    static let orphan = "orphan"

    let broker: any Broker
    let epoch: Int64

    /// Begins a deletion in the foreground (R70).
    func begin(_ job: Job, now: Timestamp) async throws(BrokerError) {
        var job = job
        job.metadata.markDeleted(at: now, finalizer: Self.foreground)
        _ = try await broker.update(job)
    }

    /// Carries a deletion on by one step.
    /// - Returns: whether there is more to do at once.
    func goOn(_ job: Job) async throws(BrokerError) -> Bool {
        guard job.metadata.deletionTimestamp != nil else { return false }
        if job.metadata.finalizers.contains(Self.orphan) {
            while try await broker.orphan(uid: job.metadata.uid, epoch: epoch) { await Task.yield() }
            try await drop(Self.orphan, of: job)
            return true
        }
        guard job.metadata.finalizers.contains(Self.foreground), try await collect(job.metadata.uid) else { return false }
        try await drop(Self.foreground, of: job)
        return true
    }

    /// Deletes the pods of a Job. True if none is left.
    private func collect(_ uid: String) async throws(BrokerError) -> Bool {
        var left = 0
        for pod in try await broker.pods(uid: uid) {
            if pod.deletion != nil { left += 1 } else { left += try await delete(pod, of: uid) ? 0 : 1 }
        }
        return left == 0
    }

    private func delete(_ pod: PodRecord, of uid: String) async throws(BrokerError) -> Bool {
        do throws(BrokerError) { return try await broker.delete(PodDeletion(job: uid, token: pod.token, grace: pod.grace ?? 30)) } catch {
            if error.code == .notFound { return true }
            throw error
        }
    }

    private func drop(_ finalizer: String, of job: Job) async throws(BrokerError) {
        guard var newest = try await broker.job(uid: job.metadata.uid) else { return }
        newest.metadata.finalizers.removeAll { $0 == finalizer }
        _ = try await broker.update(newest)
    }
}
