import BatchAPI

/// The store behind Drover: what every process shares. Each call is one atomic transition; calls that a slot makes are idempotent
/// by their sequence number, so a caller that did not hear the answer sends the same call again.
public protocol Broker: JobStore, ItemStore, PodStore, EventStore, Ledger, NodeRegistry, Leadership {}

/// Jobs as objects.
public protocol JobStore: Sendable {
    /// Stores a new Job with its gate shut and wakes the leader. O(1) whatever its completions.
    /// - Returns: the Job with its resourceVersion.
    /// - Throws: `.alreadyExists`.
    func create(_ job: Job, settings: LedgerSettings) async throws(BrokerError) -> Job
    /// The Job with the counters of its last stored status; nil if there is none of that name.
    func job(namespace: String, name: String) async throws(BrokerError) -> Job?
    /// A Job by its uid; nil if it is gone.
    func job(uid: String) async throws(BrokerError) -> Job?
    /// All Jobs of a namespace (nil: of all), by namespace and name.
    func jobs(namespace: String?) async throws(BrokerError) -> JobList
    /// Stores a user's edit of metadata and spec. Lowers the cap or shuts the gate in the same step where the edit asks for it (I4);
    /// opening and raising are the leader's. A Job with a deletionTimestamp and no finalizers goes at once.
    /// - Throws: `.conflict` unless the stored resourceVersion is `job`'s; `.notFound`.
    func update(_ job: Job) async throws(BrokerError) -> Job
    /// Removes a Job at once (R91 Background): nothing of it is granted any more, its attempts are ended, its pods collected afterwards.
    func delete(uid: String) async throws(BrokerError)
    /// Stores a status that a client wrote, and who owns its fields. Its conditions and counters are what the leader's next decision
    /// starts from.
    /// - Throws: `.conflict` unless the stored resourceVersion is `job`'s; `.notFound`.
    func updateStatus(_ job: Job) async throws(BrokerError) -> Job
    /// Gives a Job's pods up, one bounded step at a time: nobody owns them, nothing of them counts any more (R91).
    /// - Returns: whether there are more.
    func orphan(uid: String, epoch: Int64) async throws(BrokerError) -> Bool
}

/// Items in flight.
public protocol Ledger: Sendable {
    /// Asks for work for one slot of a node.
    func claim(_ request: ClaimRequest) async throws(BrokerError) -> ClaimReply
    /// The attempt's first container runs (P1), or was restarted in place (P3, R32).
    func progress(_ progress: Progress) async throws(BrokerError) -> Bool
    /// Keeps the first `kept` items (at least one) of a live chunk; the others, which have not begun, start elsewhere.
    /// - Returns: false if the token is not the instance's (any more).
    func giveBack(job: String, token: Token, instance: String, keeping kept: Int) async throws(BrokerError) -> Bool
    /// How an attempt ended; may claim again in the same call.
    func report(_ report: Report, claiming: Bool) async throws(BrokerError) -> ReportReply
    /// The ledger of a Job, with what awaits a verdict. nil once it is gone.
    func state(uid: String) async throws(BrokerError) -> LedgerState?
    /// The leader's decision about a Job.
    /// - Throws: `.stale` if the epoch or the ledger's version has moved (I5).
    func decide(_ decision: Decision) async throws(BrokerError)
    /// Stores up to 500 Pending pods, each holding its permit, as far as there are permits and items: for agents outside, or for the worker
    /// that claims next.
    /// - Returns: how many.
    func place(uid: String, epoch: Int64, limit: Int) async throws(BrokerError) -> Int
    /// Who is in which domain, for a Job whose attempts must be spread: before it is told nothing of the Job is granted.
    func spread(uid: String, epoch: Int64, _ domains: [TopologySpread.Domains]) async throws(BrokerError)
    /// Tells the pods that stand Pending why no node takes them ("": some may), with an event about the first of them; the leader looks again
    /// after a while. Those that show it already are left as they are; at most 500 are told.
    /// - Parameter job: the event is about the Job itself, whose pods are too many to be stored.
    func explain(uid: String, epoch: Int64, message: String, again: Duration, job: Bool) async throws(BrokerError)
    /// Carries a cut or a deletion on by one bounded step (I9).
    /// - Returns: how much may be left; 0 when done.
    func sweep(uid: String, epoch: Int64) async throws(BrokerError) -> Int
}

/// Nodes and their liveness.
public protocol NodeRegistry: Sendable {
    /// - Throws: `.nameTaken` if a live instance on another machine has the name.
    func register(_ node: NodeRegistration) async throws(BrokerError)
    /// A heartbeat: counts the node's renewal on and names the tokens it holds.
    /// - Throws: `.unknownNode` if the instance is registered no more: end everything, then register anew.
    func renew(_ heartbeat: Heartbeat) async throws(BrokerError) -> HeartbeatReply
    /// Takes the node off. Leases that it still holds are given back, or, if it was `lost` under them, count as failed (P7).
    func deregister(name: String, instance: String, lost: Bool) async throws(BrokerError)
    func nodes() async throws(BrokerError) -> [NodeRecord]
    /// Gives up a node that was seen standing still at `renewal`, unless it has renewed since: it is registered no more, and up to 500 of its
    /// leases become failed attempts with DisruptionTarget (P7).
    /// - Returns: how many were expired; the node is gone, or has come back, when 0.
    func expire(node: String, instance: String, renewal: Int64, epoch: Int64) async throws(BrokerError) -> Int
    /// Placement classes that have come since the one of `number` in `epoch`, and what clients have written about the node.
    func classes(node: String, epoch: String, after number: Int64) async throws(BrokerError) -> ClassPage
    /// Asks to keep room for one of the classes whose attempts have long been too large for what the node has left. One node keeps room for a
    /// class; what it kept before and does not name is free for others.
    /// - Returns: the class to keep room for: nothing else gets what it needs; nil: none.
    func reserve(node: String, classes: [String]) async throws(BrokerError) -> String?
    /// Waits until the node has news (work, an attempt to end) or the time is over.
    func waitForNews(node: String, timeout: Duration) async throws(BrokerError) -> [NodeNews]
}

/// The one leader and its agenda.
public protocol Leadership: Sendable {
    /// Takes or keeps the leadership. `observed` is the renewal number the caller has seen unchanged for a whole lease, if it has.
    func elect(_ candidate: Candidate) async throws(BrokerError) -> LeaderRecord
    func resign(instance: String) async throws(BrokerError)
    /// Jobs to look at now, and when the next is due. Taking a Job off the agenda is the caller's duty to look at it.
    /// - Throws: `.stale` if another leads: it is that one's agenda now.
    func agenda(limit: Int, rebuild: Bool, epoch: Int64) async throws(BrokerError) -> Agenda
    /// Puts a Job back.
    func remind(uid: String, at: Timestamp) async throws(BrokerError)
    /// Waits until the agenda has changed or the time is over.
    func waitForAgenda(timeout: Duration) async throws(BrokerError)
}

extension JobStore where Self: Ledger {
    public func job(uid: String) async throws(BrokerError) -> Job? { try await state(uid: uid)?.job }
}
