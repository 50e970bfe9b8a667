import BatchAPI
import Broker

/// A Job in the store.
public struct SubmittedJob: Sendable {
    public let name: String
    public let namespace: String
    public let uid: String
    let client: DroverClient

    init(_ metadata: ObjectMeta, _ client: DroverClient) {
        (name, namespace, uid, self.client) = (metadata.name, metadata.namespace, metadata.uid, client)
    }

    /// How far it is. Counters of a busy Job are up to 100 ms old.
    /// - Throws: `.notFound`, `.unavailable`.
    public func progress() async throws(DroverError) -> JobProgress { JobProgress(try await read().status) }

    /// Waits for its end.
    /// - Returns: what it has come to.
    /// - Throws: `.notFound` if it was deleted, `.unavailable`, `.cancelled`.
    public func wait() async throws(DroverError) -> JobProgress {
        while true {
            let job = try await read(), progress = JobProgress(job.status)
            if progress.outcome != nil { return progress }
            try await client.changes.wait(after: Int64(job.metadata.resourceVersion) ?? 0)
        }
    }

    /// Stops what runs of it; nothing more starts before `resume()`. What was done stays done.
    public func suspend() async throws(DroverError) { try await edit { $0.suspend = true } }

    /// Lets a suspended Job go on.
    public func resume() async throws(DroverError) { try await edit { $0.suspend = false } }

    private func edit(_ change: (inout JobSpec) -> Void) async throws(DroverError) {
        let broker = client.broker
        while true {
            var job = try await read()
            change(&job.spec)
            do throws(BrokerError) {
                _ = try await broker.update(job)
                return
            } catch {
                if error.code != .conflict { throw DroverError(error) }
            }
        }
    }

    /// Deletes it; what runs of it is ended.
    public func delete() async throws(DroverError) {
        let broker = client.broker, uid = uid
        try await DroverError.calling { () async throws(BrokerError) in try await broker.delete(uid: uid) }
    }

    func read() async throws(DroverError) -> Job {
        let broker = client.broker, namespace = namespace, name = name
        let job = try await DroverError.calling { () async throws(BrokerError) in try await broker.job(namespace: namespace, name: name) }
        guard let job, job.metadata.uid == uid else { throw DroverError(.notFound, "the Job \(namespace)/\(name) is gone") }
        return job
    }
}
