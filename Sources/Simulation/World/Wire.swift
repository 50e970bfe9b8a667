import BatchAPI
import Broker

/// The store as one process sees it through the network.
struct Wire: Broker {
    let network: Network
    let host: SimulatedHost

    private func send<Answer: Sendable>(
        _ what: String, _ body: @escaping @Sendable (any Broker) async throws(BrokerError) -> Answer
    ) async throws(BrokerError) -> Answer {
        try await network.send(what, from: host, body)
    }

    /// A call that only the leader may make.
    private func lead<Answer: Sendable>(
        _ what: String, _ epoch: Int64, _ body: @escaping @Sendable (any Broker) async throws(BrokerError) -> Answer
    ) async throws(BrokerError) -> Answer {
        let truth = network.truth, store = network.store
        return try await send("\(what) in epoch \(epoch)") { (broker: any Broker) async throws(BrokerError) in
            let answer = try await body(broker)
            truth.led(what, epoch: epoch, stored: await store.epoch())
            return answer
        }
    }

    // MARK: Items

    func claim(_ request: ClaimRequest) async throws(BrokerError) -> ClaimReply {
        let truth = network.truth
        return try await network.send("claim \(request.slot).\(request.sequence)", from: host, seen: { truth.answered(request, $0) }) {
            (broker: any Broker) async throws(BrokerError) in try await broker.claim(request)
        }
    }

    func report(_ report: Report, claiming: Bool) async throws(BrokerError) -> ReportReply {
        let truth = network.truth, request = report.request
        let what = "report \(request.slot).\(request.sequence) \(report.result.rawValue) of \(report.job) \(report.token)"
        return try await network.send(
            what, from: host,
            seen: { reply in
                truth.reported(report, reply)
                if let next = reply.next { truth.answered(request, next) }
            }
        ) { (broker: any Broker) async throws(BrokerError) in try await broker.report(report, claiming: claiming) }
    }

    func giveBack(job: String, token: Token, instance: String, keeping kept: Int) async throws(BrokerError) -> Bool {
        try await send("give back of \(job) \(token) but \(kept)") { (b) async throws(BrokerError) in
            try await b.giveBack(job: job, token: token, instance: instance, keeping: kept)
        }
    }
    func progress(_ progress: Progress) async throws(BrokerError) -> Bool {
        try await send("progress of \(progress.job) \(progress.token): \(progress.restarts)") { (b) async throws(BrokerError) in try await b.progress(progress) }
    }
    func state(uid: String) async throws(BrokerError) -> LedgerState? {
        try await send("state of \(uid)") { (b) async throws(BrokerError) in try await b.state(uid: uid) }
    }
    func decide(_ decision: Decision) async throws(BrokerError) {
        try await lead("decide \(decision.uid) v\(decision.version) \(decision.summary)", decision.epoch) { (b) async throws(BrokerError) in
            try await b.decide(decision)
        }
    }
    func place(uid: String, epoch: Int64, limit: Int) async throws(BrokerError) -> Int {
        try await lead("place \(uid)", epoch) { (b) async throws(BrokerError) in try await b.place(uid: uid, epoch: epoch, limit: limit) }
    }
    func spread(uid: String, epoch: Int64, _ domains: [TopologySpread.Domains]) async throws(BrokerError) {
        try await lead("spread \(uid)", epoch) { (b) async throws(BrokerError) in try await b.spread(uid: uid, epoch: epoch, domains) }
    }
    func explain(uid: String, epoch: Int64, message: String, again: Duration, job: Bool) async throws(BrokerError) {
        try await lead("explain \(uid)", epoch) { (b) async throws(BrokerError) in
            try await b.explain(uid: uid, epoch: epoch, message: message, again: again, job: job)
        }
    }
    func results(job: String, from batch: Int) async throws(BrokerError) -> ResultPage {
        try await send("results of \(job)") { (b) async throws(BrokerError) in try await b.results(job: job, from: batch) }
    }
    func push(_ push: ItemPush) async throws(BrokerError) -> PushReply {
        try await send("push \(push.items.count) to \(push.job) at \(push.first)") { (b) async throws(BrokerError) in try await b.push(push) }
    }
    func sweep(uid: String, epoch: Int64) async throws(BrokerError) -> Int {
        try await lead("sweep \(uid)", epoch) { (b) async throws(BrokerError) in try await b.sweep(uid: uid, epoch: epoch) }
    }

    // MARK: Jobs

    func create(_ job: Job, settings: LedgerSettings) async throws(BrokerError) -> Job {
        try await send("create \(job.metadata.uid)") { (b) async throws(BrokerError) in try await b.create(job, settings: settings) }
    }
    func job(namespace: String, name: String) async throws(BrokerError) -> Job? {
        try await send("job \(name)") { (b) async throws(BrokerError) in try await b.job(namespace: namespace, name: name) }
    }
    func job(uid: String) async throws(BrokerError) -> Job? {
        try await send("job \(uid)") { (b) async throws(BrokerError) in try await b.job(uid: uid) }
    }
    func jobs(namespace: String?) async throws(BrokerError) -> JobList {
        try await send("jobs") { (b) async throws(BrokerError) in try await b.jobs(namespace: namespace) }
    }
    func update(_ job: Job) async throws(BrokerError) -> Job {
        try await send("update \(job.metadata.uid)") { (b) async throws(BrokerError) in try await b.update(job) }
    }
    func updateStatus(_ job: Job) async throws(BrokerError) -> Job {
        try await send("status of \(job.metadata.uid)") { (b) async throws(BrokerError) in try await b.updateStatus(job) }
    }
    func delete(uid: String) async throws(BrokerError) {
        try await send("delete \(uid)") { (b) async throws(BrokerError) in try await b.delete(uid: uid) }
    }
    func orphan(uid: String, epoch: Int64) async throws(BrokerError) -> Bool {
        try await lead("orphan \(uid)", epoch) { (b) async throws(BrokerError) in try await b.orphan(uid: uid, epoch: epoch) }
    }
    func events(namespace: String?) async throws(BrokerError) -> [EventRecord] {
        try await send("events") { (b) async throws(BrokerError) in try await b.events(namespace: namespace) }
    }
    func event(namespace: String, name: String) async throws(BrokerError) -> EventRecord? {
        try await send("event \(name)") { (b) async throws(BrokerError) in try await b.event(namespace: namespace, name: name) }
    }

    // MARK: Pods

    func pods(uid: String) async throws(BrokerError) -> [PodRecord] {
        try await send("pods of \(uid)") { (b) async throws(BrokerError) in try await b.pods(uid: uid) }
    }
    func pod(namespace: String, name: String) async throws(BrokerError) -> (job: Job, pod: PodRecord)? {
        try await send("pod \(name)") { (b) async throws(BrokerError) in try await b.pod(namespace: namespace, name: name) }
    }
    func hiddenJobs() async throws(BrokerError) -> [Job] {
        try await send("hidden jobs") { (b) async throws(BrokerError) in try await b.hiddenJobs() }
    }
    func createPod(_ holder: Job, metadata: Value, isTracked: Bool) async throws(BrokerError) -> String {
        try await send("create pod") { (b) async throws(BrokerError) in try await b.createPod(holder, metadata: metadata, isTracked: isTracked) }
    }
    func strays(namespace: String) async throws(BrokerError) -> [(job: Job, pod: PodRecord)] {
        try await send("strays") { (b) async throws(BrokerError) in try await b.strays(namespace: namespace) }
    }
    func adopt(_ adoption: Adoption, epoch: Int64) async throws(BrokerError) -> Bool {
        try await lead("adopt for \(adoption.job)", epoch) { (b) async throws(BrokerError) in try await b.adopt(adoption, epoch: epoch) }
    }
    func discard(uid: String, epoch: Int64, _ attempts: [Surplus]) async throws(BrokerError) {
        try await lead("discard of \(uid)", epoch) { (b) async throws(BrokerError) in try await b.discard(uid: uid, epoch: epoch, attempts) }
    }
    func write(_ write: PodWrite) async throws(BrokerError) -> String {
        try await send("write pod of \(write.job)") { (b) async throws(BrokerError) in try await b.write(write) }
    }
    func delete(_ deletion: PodDeletion) async throws(BrokerError) -> Bool {
        let truth = network.truth
        return try await network.send("delete pod \(deletion.token) of \(deletion.job)", from: host, seen: { _ in truth.deleted(deletion) }) {
            (b) async throws(BrokerError) in try await b.delete(deletion)
        }
    }

    // MARK: Nodes and leadership

    func register(_ node: NodeRegistration) async throws(BrokerError) {
        try await send("register \(node.name) \(node.instance)") { (b) async throws(BrokerError) in try await b.register(node) }
    }
    func renew(_ heartbeat: Heartbeat) async throws(BrokerError) -> HeartbeatReply {
        try await send("renew \(heartbeat.node) \(heartbeat.held.map(\.token))") { (b) async throws(BrokerError) in try await b.renew(heartbeat) }
    }
    func deregister(name: String, instance: String, lost: Bool) async throws(BrokerError) {
        try await send("deregister \(name) \(instance) lost \(lost)") { (b) async throws(BrokerError) in
            try await b.deregister(name: name, instance: instance, lost: lost)
        }
    }
    func nodes() async throws(BrokerError) -> [NodeRecord] {
        try await send("nodes") { (b) async throws(BrokerError) in try await b.nodes() }
    }
    func reserve(node: String, classes: [String]) async throws(BrokerError) -> String? {
        try await send("reserve for \(node)") { (b) async throws(BrokerError) in try await b.reserve(node: node, classes: classes) }
    }
    func classes(node: String, epoch: String, after number: Int64) async throws(BrokerError) -> ClassPage {
        try await send("classes for \(node)") { (b) async throws(BrokerError) in try await b.classes(node: node, epoch: epoch, after: number) }
    }
    func expire(node: String, instance: String, renewal: Int64, epoch: Int64) async throws(BrokerError) -> Int {
        try await lead("expire \(node) \(instance)", epoch) { (b) async throws(BrokerError) in
            try await b.expire(node: node, instance: instance, renewal: renewal, epoch: epoch)
        }
    }
    func elect(_ candidate: Candidate) async throws(BrokerError) -> LeaderRecord {
        try await send("elect \(candidate.instance)") { (b) async throws(BrokerError) in try await b.elect(candidate) }
    }
    func resign(instance: String) async throws(BrokerError) {
        try await send("resign \(instance)") { (b) async throws(BrokerError) in try await b.resign(instance: instance) }
    }
    func agenda(limit: Int, rebuild: Bool, epoch: Int64) async throws(BrokerError) -> Agenda {
        try await lead("agenda\(rebuild ? " of all" : "")", epoch) { (b) async throws(BrokerError) in
            try await b.agenda(limit: limit, rebuild: rebuild, epoch: epoch)
        }
    }
    func remind(uid: String, at time: Timestamp) async throws(BrokerError) {
        try await send("remind of \(uid)") { (b) async throws(BrokerError) in try await b.remind(uid: uid, at: time) }
    }
    func waitForNews(node: String, timeout: Duration) async throws(BrokerError) -> [NodeNews] {
        try await network.listen(node, timeout, from: host)
        return try await send("news of \(node)") { (b) async throws(BrokerError) in try await b.waitForNews(node: node, timeout: .zero) }
    }
    func waitForAgenda(timeout: Duration) async throws(BrokerError) {
        try await network.listen("", timeout, from: host)
        try await send("news for the leader") { (b) async throws(BrokerError) in try await b.waitForAgenda(timeout: .zero) }
    }
}

extension Decision {
    /// For the trace.
    fileprivate var summary: String {
        let verdicts = verdicts.map { "\($0.token)\($0.fate.rawValue)" }.joined(separator: " ")
        let conditions = status?.conditions.filter(\.isTrue).map(\.type).joined(separator: " ") ?? ""
        return "gate '\(gate)' permits \(permits) [\(verdicts)] cut \(cut.map { "\($0)" } ?? "-") \(conditions)"
    }
}
