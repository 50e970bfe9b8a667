import BatchAPI
import Broker
import Support
import Synchronization

/// A broker whose leader dies in a certain one of its calls: just before it is made, or just after. What no leader
/// calls, and reading, goes through.
final class DyingBroker: BrokerRelay {
    struct Death: Sendable {
        /// The number of the call, from 1.
        var call: Int
        var isAfter: Bool
    }

    let inner: any Broker
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
    func spread(uid: String, epoch: Int64, _ domains: [TopologySpread.Domains]) async throws(BrokerError) {
        try await lead { () async throws(BrokerError) in try await inner.spread(uid: uid, epoch: epoch, domains) }
    }
    func explain(uid: String, epoch: Int64, message: String, again: Duration, job: Bool) async throws(BrokerError) {
        try await lead { () async throws(BrokerError) in try await inner.explain(uid: uid, epoch: epoch, message: message, again: again, job: job) }
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
}
