import BatchAPI
import Broker
import KubernetesAPI
import Synchronization

/// A store in memory: as much of one as the API asks for. What only workers and coordinators call is not there.
final class FakeBroker: Broker, LeaderSource {
    struct State {
        var jobs: [String: Job] = [:]
        var pods: [String: [PodRecord]] = [:]
        var nodes: [NodeRecord] = []
        var events: [EventRecord] = []
        var objects: [[String]: StoredObject] = [:]
        var leader: LeaderRecord?
        var version: Int64 = 0
        /// The log of changes reaches back to here.
        var floor: Int64 = 0
        /// Thrown by every call while it is set.
        var failure: BrokerError?
        /// A create that is taken, and whose answer is lost.
        var losesCreateAnswer = false
        /// So many updates meet somebody who was faster.
        var conflicts = 0
        var settings: [String: LedgerSettings] = [:]
        /// Calls do not answer until they are cancelled.
        var hangs = false
    }

    let state = Mutex(State())

    private func with<Result>(_ body: (inout State) throws(BrokerError) -> sending Result) async throws(BrokerError) -> sending Result {
        if state.withLock({ $0.hangs }) { try? await Task.sleep(for: .seconds(3600)) }
        return try state.withLock { state throws(BrokerError) in
            if let failure = state.failure { throw failure }
            return try body(&state)
        }
    }

    func create(_ job: Job, settings: LedgerSettings) async throws(BrokerError) -> Job {
        let key = "\(job.metadata.namespace)/\(job.metadata.name)"
        return try await with { state throws(BrokerError) in
            guard state.jobs[key] == nil else { throw BrokerError(.alreadyExists, "taken") }
            state.version += 1
            var stored = job
            stored.metadata.resourceVersion = String(state.version)
            state.jobs[key] = stored
            state.settings[job.metadata.uid] = settings
            if state.losesCreateAnswer { throw BrokerError(.unavailable, "connection lost") }
            return stored
        }
    }

    func job(namespace: String, name: String) async throws(BrokerError) -> Job? {
        try await with { $0.jobs["\(namespace)/\(name)"] }
    }

    func jobs(namespace: String?) async throws(BrokerError) -> JobList {
        try await with { state in
            let jobs = state.jobs.filter { namespace == nil || $0.value.metadata.namespace == namespace }
            return JobList(jobs: jobs.sorted { $0.key < $1.key }.map(\.value), resourceVersion: String(state.version))
        }
    }

    func update(_ job: Job) async throws(BrokerError) -> Job {
        let key = "\(job.metadata.namespace)/\(job.metadata.name)"
        return try await with { state throws(BrokerError) in
            guard let old = state.jobs[key] else { throw BrokerError(.notFound, "gone") }
            if state.conflicts > 0 {
                state.conflicts -= 1
                state.version += 1
                state.jobs[key]?.metadata.resourceVersion = String(state.version)
                throw BrokerError(.conflict, "modified")
            }
            guard old.metadata.resourceVersion == job.metadata.resourceVersion else { throw BrokerError(.conflict, "modified") }
            state.version += 1
            var stored = job
            stored.metadata.resourceVersion = String(state.version)
            let isLast = job.metadata.deletionTimestamp != nil && job.metadata.finalizers.isEmpty
            state.jobs[key] = isLast ? nil : stored
            return stored
        }
    }

    func updateStatus(_ job: Job) async throws(BrokerError) -> Job {
        guard var stored = try await self.job(uid: job.metadata.uid) else { throw BrokerError(.notFound, "gone") }
        (stored.status, stored.metadata.managedFields) = (job.status, job.metadata.managedFields)
        stored.metadata.resourceVersion = job.metadata.resourceVersion
        let version = try await update(stored).metadata.resourceVersion
        var result = job
        result.metadata.resourceVersion = version
        return result
    }

    func job(uid: String) async throws(BrokerError) -> Job? {
        try await with { $0.jobs.values.first { $0.metadata.uid == uid } }
    }

    func delete(uid: String) async throws(BrokerError) {
        try await with { state throws(BrokerError) in
            guard let key = state.jobs.first(where: { $0.value.metadata.uid == uid })?.key else { throw BrokerError(.notFound, "gone") }
            state.jobs[key] = nil
            state.pods[uid] = nil
            state.version += 1
        }
    }

    func pods(uid: String) async throws(BrokerError) -> [PodRecord] { try await with { $0.pods[uid] ?? [] } }

    func pod(namespace: String, name: String) async throws(BrokerError) -> (job: Job, pod: PodRecord)? {
        try await with { state in
            for (uid, pods) in state.pods {
                guard let pod = pods.first(where: { $0.name == name }),
                    let job = state.jobs.values.first(where: { $0.metadata.uid == uid && $0.metadata.namespace == namespace })
                else { continue }
                return (job, pod)
            }
            return nil
        }
    }

    func hiddenJobs() async throws(BrokerError) -> [Job] { try await with { _ in [] } }
    func events(namespace: String?) async throws(BrokerError) -> [EventRecord] {
        try await with { state in state.events.filter { namespace == nil || $0.namespace == namespace } }
    }
    func event(namespace: String, name: String) async throws(BrokerError) -> EventRecord? {
        try await events(namespace: namespace).first { $0.name == name }
    }
    func nodes() async throws(BrokerError) -> [NodeRecord] { try await with { $0.nodes } }
    func leader() async throws -> LeaderRecord? { try await with { $0.leader } }

    private func absent() -> BrokerError { BrokerError(.unusable, "not in this fake") }
    func claim(_ request: ClaimRequest) async throws(BrokerError) -> ClaimReply { throw absent() }
    func giveBack(job: String, token: Token, instance: String, keeping kept: Int) async throws(BrokerError) -> Bool { throw absent() }
    func progress(_ progress: Progress) async throws(BrokerError) -> Bool { throw absent() }
    func report(_ report: Report, claiming: Bool) async throws(BrokerError) -> ReportReply { throw absent() }
    func state(uid: String) async throws(BrokerError) -> LedgerState? { throw absent() }
    func decide(_ decision: Decision) async throws(BrokerError) { throw absent() }
    func orphan(uid: String, epoch: Int64) async throws(BrokerError) -> Bool { throw absent() }
    func createPod(_ holder: Job, metadata: Value, isTracked: Bool) async throws(BrokerError) -> String { throw absent() }
    func strays(namespace: String) async throws(BrokerError) -> [(job: Job, pod: PodRecord)] { throw absent() }
    func adopt(_ adoption: Adoption, epoch: Int64) async throws(BrokerError) -> Bool { throw absent() }
    func discard(uid: String, epoch: Int64, _ attempts: [Surplus]) async throws(BrokerError) { throw absent() }
    func write(_ write: PodWrite) async throws(BrokerError) -> String { throw absent() }
    func delete(_ deletion: PodDeletion) async throws(BrokerError) -> Bool { throw absent() }
    func place(uid: String, epoch: Int64, limit: Int) async throws(BrokerError) -> Int { throw absent() }
    func results(job: String, from batch: Int) async throws(BrokerError) -> ResultPage { throw absent() }
    func push(_ push: ItemPush) async throws(BrokerError) -> PushReply { throw absent() }
    func sweep(uid: String, epoch: Int64) async throws(BrokerError) -> Int { throw absent() }
    func register(_ node: NodeRegistration) async throws(BrokerError) { throw absent() }
    func spread(uid: String, epoch: Int64, _ domains: [TopologySpread.Domains]) async throws(BrokerError) { throw absent() }
    func explain(uid: String, epoch: Int64, message: String, again: Duration, job: Bool) async throws(BrokerError) { throw absent() }
    func reserve(node: String, classes: [String]) async throws(BrokerError) -> String? { throw absent() }
    func classes(node: String, epoch: String, after number: Int64) async throws(BrokerError) -> ClassPage { throw absent() }
    func renew(_ heartbeat: Heartbeat) async throws(BrokerError) -> HeartbeatReply { throw absent() }
    func deregister(name: String, instance: String, lost: Bool) async throws(BrokerError) { throw absent() }
    func expire(node: String, instance: String, renewal: Int64, epoch: Int64) async throws(BrokerError) -> Int { throw absent() }
    func waitForNews(node: String, timeout: Duration) async throws(BrokerError) -> [NodeNews] { throw absent() }
    func elect(_ candidate: Candidate) async throws(BrokerError) -> LeaderRecord { throw absent() }
    func resign(instance: String) async throws(BrokerError) { throw absent() }
    func agenda(limit: Int, rebuild: Bool, epoch: Int64) async throws(BrokerError) -> Agenda { throw absent() }
    func remind(uid: String, at: Timestamp) async throws(BrokerError) { throw absent() }
    func waitForAgenda(timeout: Duration) async throws(BrokerError) { throw absent() }
}

/// Logs that are made up: ten lines, or with `follow` three lines and then silence until the reader leaves.
struct FakeLogs: LogSource {
    /// Finished when a reader of an endless log has left.
    let left: AsyncStream<Void>.Continuation?
    var failure: LogError?

    init(left: AsyncStream<Void>.Continuation? = nil, failure: LogError? = nil) { (self.left, self.failure) = (left, failure) }

    func logs(job: Job, pod: PodRecord, query: LogQuery) async throws -> AsyncThrowingStream<[UInt8], any Error> {
        if let failure { throw failure }
        let lines = (query.follows ? 1...3 : 1...10).suffix(query.tailLines ?? 10).map { "\(query.container) line \($0)\n" }
        let rest = Mutex(lines)
        return AsyncThrowingStream(unfolding: { [left] in
            let next = rest.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            if let next { return Array(next.utf8) }
            guard query.follows else { return nil }
            defer { left?.finish() }
            try await Task.sleep(for: .seconds(3600))
            return nil
        })
    }
}
