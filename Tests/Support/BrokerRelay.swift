import BatchAPI
import Broker

/// A broker that passes every call on to another, except those that it makes its own.
public protocol BrokerRelay: Broker {
    var inner: any Broker { get }
}

extension BrokerRelay {
    public func state(uid: String) async throws(BrokerError) -> LedgerState? { try await inner.state(uid: uid) }
    public func decide(_ decision: Decision) async throws(BrokerError) { try await inner.decide(decision) }
    public func push(_ push: ItemPush) async throws(BrokerError) -> PushReply { try await inner.push(push) }
    public func results(job: String, from batch: Int) async throws(BrokerError) -> ResultPage { try await inner.results(job: job, from: batch) }
    public func sweep(uid: String, epoch: Int64) async throws(BrokerError) -> Int { try await inner.sweep(uid: uid, epoch: epoch) }
    public func place(uid: String, epoch: Int64, limit: Int) async throws(BrokerError) -> Int {
        try await inner.place(uid: uid, epoch: epoch, limit: limit)
    }
    public func agenda(limit: Int, rebuild: Bool, epoch: Int64) async throws(BrokerError) -> Agenda {
        try await inner.agenda(limit: limit, rebuild: rebuild, epoch: epoch)
    }
    public func orphan(uid: String, epoch: Int64) async throws(BrokerError) -> Bool { try await inner.orphan(uid: uid, epoch: epoch) }
    public func adopt(_ adoption: Adoption, epoch: Int64) async throws(BrokerError) -> Bool { try await inner.adopt(adoption, epoch: epoch) }
    public func discard(uid: String, epoch: Int64, _ attempts: [Surplus]) async throws(BrokerError) {
        try await inner.discard(uid: uid, epoch: epoch, attempts)
    }
    public func update(_ job: Job) async throws(BrokerError) -> Job { try await inner.update(job) }
    public func delete(_ deletion: PodDeletion) async throws(BrokerError) -> Bool { try await inner.delete(deletion) }
    public func create(_ job: Job, settings: LedgerSettings) async throws(BrokerError) -> Job { try await inner.create(job, settings: settings) }
    public func job(namespace: String, name: String) async throws(BrokerError) -> Job? { try await inner.job(namespace: namespace, name: name) }
    public func job(uid: String) async throws(BrokerError) -> Job? { try await inner.job(uid: uid) }
    public func jobs(namespace: String?) async throws(BrokerError) -> JobList { try await inner.jobs(namespace: namespace) }
    public func updateStatus(_ job: Job) async throws(BrokerError) -> Job { try await inner.updateStatus(job) }
    public func delete(uid: String) async throws(BrokerError) { try await inner.delete(uid: uid) }
    public func pods(uid: String) async throws(BrokerError) -> [PodRecord] { try await inner.pods(uid: uid) }
    public func pod(namespace: String, name: String) async throws(BrokerError) -> (job: Job, pod: PodRecord)? {
        try await inner.pod(namespace: namespace, name: name)
    }
    public func hiddenJobs() async throws(BrokerError) -> [Job] { try await inner.hiddenJobs() }
    public func createPod(_ holder: Job, metadata: Value, isTracked: Bool) async throws(BrokerError) -> String {
        try await inner.createPod(holder, metadata: metadata, isTracked: isTracked)
    }
    public func strays(namespace: String) async throws(BrokerError) -> [(job: Job, pod: PodRecord)] { try await inner.strays(namespace: namespace) }
    public func write(_ write: PodWrite) async throws(BrokerError) -> String { try await inner.write(write) }
    public func events(namespace: String?) async throws(BrokerError) -> [EventRecord] { try await inner.events(namespace: namespace) }
    public func event(namespace: String, name: String) async throws(BrokerError) -> EventRecord? { try await inner.event(namespace: namespace, name: name) }
    public func claim(_ request: ClaimRequest) async throws(BrokerError) -> ClaimReply { try await inner.claim(request) }
    public func progress(_ progress: Progress) async throws(BrokerError) -> Bool { try await inner.progress(progress) }
    public func giveBack(job: String, token: Token, instance: String, keeping kept: Int) async throws(BrokerError) -> Bool {
        try await inner.giveBack(job: job, token: token, instance: instance, keeping: kept)
    }
    public func report(_ report: Report, claiming: Bool) async throws(BrokerError) -> ReportReply { try await inner.report(report, claiming: claiming) }
    public func register(_ node: NodeRegistration) async throws(BrokerError) { try await inner.register(node) }
    public func renew(_ heartbeat: Heartbeat) async throws(BrokerError) -> HeartbeatReply { try await inner.renew(heartbeat) }
    public func deregister(name: String, instance: String, lost: Bool) async throws(BrokerError) {
        try await inner.deregister(name: name, instance: instance, lost: lost)
    }
    public func nodes() async throws(BrokerError) -> [NodeRecord] { try await inner.nodes() }
    public func classes(node: String, epoch: String, after number: Int64) async throws(BrokerError) -> ClassPage {
        try await inner.classes(node: node, epoch: epoch, after: number)
    }
    public func reserve(node: String, classes: [String]) async throws(BrokerError) -> String? { try await inner.reserve(node: node, classes: classes) }
    public func spread(uid: String, epoch: Int64, _ domains: [TopologySpread.Domains]) async throws(BrokerError) {
        try await inner.spread(uid: uid, epoch: epoch, domains)
    }
    public func explain(uid: String, epoch: Int64, message: String, again: Duration, job: Bool) async throws(BrokerError) {
        try await inner.explain(uid: uid, epoch: epoch, message: message, again: again, job: job)
    }
    public func expire(node: String, instance: String, renewal: Int64, epoch: Int64) async throws(BrokerError) -> Int {
        try await inner.expire(node: node, instance: instance, renewal: renewal, epoch: epoch)
    }
    public func waitForNews(node: String, timeout: Duration) async throws(BrokerError) -> [NodeNews] {
        try await inner.waitForNews(node: node, timeout: timeout)
    }
    public func elect(_ candidate: Candidate) async throws(BrokerError) -> LeaderRecord { try await inner.elect(candidate) }
    public func resign(instance: String) async throws(BrokerError) { try await inner.resign(instance: instance) }
    public func remind(uid: String, at time: Timestamp) async throws(BrokerError) { try await inner.remind(uid: uid, at: time) }
    public func waitForAgenda(timeout: Duration) async throws(BrokerError) { try await inner.waitForAgenda(timeout: timeout) }
}
