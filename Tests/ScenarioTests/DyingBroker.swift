import BatchAPI
import Broker
import Synchronization

/// A broker whose leader dies in a certain one of its calls: just before it is made, or just after.
final class DyingBroker: Broker {
    struct Death: Sendable {
        /// The number of the call, from 1.
        var call: Int
        var isAfter: Bool
    }

    private let inner: any Broker
    private let death: Death
    private let calls = Mutex(0)

    init(_ inner: any Broker, _ death: Death) { (self.inner, self.death) = (inner, death) }

    var hasDied: Bool { calls.withLock { $0 >= death.call } }

    /// One call of the leader.
    private func lead<Result>(_ body: () async throws(BrokerError) -> Result) async throws(BrokerError) -> Result {
        let number = calls.withLock { calls in
            calls += 1
            return calls
        }
        if number == death.call, !death.isAfter { throw BrokerError(.cancelled, "the leader died") }
        let result = try await body()
        if number == death.call { throw BrokerError(.cancelled, "the leader died") }
        return result
    }

    func state(uid: String) async throws(BrokerError) -> LedgerState? {
        try await lead { () async throws(BrokerError) in try await inner.state(uid: uid) }
    }
    func decide(_ decision: Decision) async throws(BrokerError) {
        try await lead { () async throws(BrokerError) in try await inner.decide(decision) }
    }
    func sweep(uid: String, epoch: Int64) async throws(BrokerError) -> Int {
        try await lead { () async throws(BrokerError) in try await inner.sweep(uid: uid, epoch: epoch) }
    }
    func place(uid: String, epoch: Int64, limit: Int) async throws(BrokerError) -> Int {
        try await lead { () async throws(BrokerError) in try await inner.place(uid: uid, epoch: epoch, limit: limit) }
    }
    func agenda(limit: Int, rebuild: Bool, epoch: Int64) async throws(BrokerError) -> Agenda {
        try await lead { () async throws(BrokerError) in try await inner.agenda(limit: limit, rebuild: rebuild, epoch: epoch) }
    }
    func orphan(uid: String, epoch: Int64) async throws(BrokerError) -> Bool {
        try await lead { () async throws(BrokerError) in try await inner.orphan(uid: uid, epoch: epoch) }
    }
    func adopt(_ adoption: Adoption, epoch: Int64) async throws(BrokerError) -> Bool {
        try await lead { () async throws(BrokerError) in try await inner.adopt(adoption, epoch: epoch) }
    }
    func discard(uid: String, epoch: Int64, _ attempts: [Surplus]) async throws(BrokerError) {
        try await lead { () async throws(BrokerError) in try await inner.discard(uid: uid, epoch: epoch, attempts) }
    }
    func update(_ job: Job) async throws(BrokerError) -> Job {
        try await lead { () async throws(BrokerError) in try await inner.update(job) }
    }
    func delete(_ deletion: PodDeletion) async throws(BrokerError) -> Bool {
        try await lead { () async throws(BrokerError) in try await inner.delete(deletion) }
    }

    // What no leader calls, and reading, goes through.
    func create(_ job: Job, settings: LedgerSettings) async throws(BrokerError) -> Job { try await inner.create(job, settings: settings) }
    func job(namespace: String, name: String) async throws(BrokerError) -> Job? { try await inner.job(namespace: namespace, name: name) }
    func job(uid: String) async throws(BrokerError) -> Job? { try await inner.job(uid: uid) }
    func jobs(namespace: String?) async throws(BrokerError) -> JobList { try await inner.jobs(namespace: namespace) }
    func updateStatus(_ job: Job) async throws(BrokerError) -> Job { try await inner.updateStatus(job) }
    func delete(uid: String) async throws(BrokerError) { try await inner.delete(uid: uid) }
    func pods(uid: String) async throws(BrokerError) -> [PodRecord] { try await inner.pods(uid: uid) }
    func pod(namespace: String, name: String) async throws(BrokerError) -> (job: Job, pod: PodRecord)? {
        try await inner.pod(namespace: namespace, name: name)
    }
    func hiddenJobs() async throws(BrokerError) -> [Job] { try await inner.hiddenJobs() }
    func createPod(_ holder: Job, metadata: Value, isTracked: Bool) async throws(BrokerError) -> String {
        try await inner.createPod(holder, metadata: metadata, isTracked: isTracked)
    }
    func strays(namespace: String) async throws(BrokerError) -> [(job: Job, pod: PodRecord)] { try await inner.strays(namespace: namespace) }
    func write(_ write: PodWrite) async throws(BrokerError) -> String { try await inner.write(write) }
    func events(namespace: String?) async throws(BrokerError) -> [EventRecord] { try await inner.events(namespace: namespace) }
    func event(namespace: String, name: String) async throws(BrokerError) -> EventRecord? { try await inner.event(namespace: namespace, name: name) }
    func claim(_ request: ClaimRequest) async throws(BrokerError) -> ClaimReply { try await inner.claim(request) }
    func progress(_ progress: Progress) async throws(BrokerError) -> Bool { try await inner.progress(progress) }
    func report(_ report: Report, claiming: Bool) async throws(BrokerError) -> ReportReply { try await inner.report(report, claiming: claiming) }
    func register(_ node: NodeRegistration) async throws(BrokerError) { try await inner.register(node) }
    func renew(_ heartbeat: Heartbeat) async throws(BrokerError) -> HeartbeatReply { try await inner.renew(heartbeat) }
    func deregister(name: String, instance: String, lost: Bool) async throws(BrokerError) {
        try await inner.deregister(name: name, instance: instance, lost: lost)
    }
    func nodes() async throws(BrokerError) -> [NodeRecord] { try await inner.nodes() }
    func classes(node: String, epoch: String, after number: Int64) async throws(BrokerError) -> ClassPage {
        try await inner.classes(node: node, epoch: epoch, after: number)
    }
    func expire(node: String, instance: String, renewal: Int64, epoch: Int64) async throws(BrokerError) -> Int {
        try await inner.expire(node: node, instance: instance, renewal: renewal, epoch: epoch)
    }
    func waitForNews(node: String, timeout: Duration) async throws(BrokerError) -> [NodeNews] {
        try await inner.waitForNews(node: node, timeout: timeout)
    }
    func elect(_ candidate: Candidate) async throws(BrokerError) -> LeaderRecord { try await inner.elect(candidate) }
    func resign(instance: String) async throws(BrokerError) { try await inner.resign(instance: instance) }
    func remind(uid: String, at time: Timestamp) async throws(BrokerError) { try await inner.remind(uid: uid, at: time) }
    func waitForAgenda(timeout: Duration) async throws(BrokerError) { try await inner.waitForAgenda(timeout: timeout) }
}
