import BatchAPI
import Broker

/// The one leader and its agenda.
extension MemoryBroker {
    public func elect(_ candidate: Candidate) async throws(BrokerError) -> LeaderRecord {
        let isFree = leader.instance.isEmpty || candidate.deadRenewal == leader.renewal
        if leader.instance != candidate.instance, isFree {
            (leader.instance, leader.address, leader.epoch, leader.acquired) = (candidate.instance, candidate.address, leader.epoch + 1, clock())
        }
        if leader.instance == candidate.instance { leader.renewal += 1 }
        return leader
    }

    public func resign(instance: String) async throws(BrokerError) {
        guard leader.instance == instance else { return }
        leader.instance = ""
        wakeLeader()
    }

    public func agenda(limit: Int, rebuild: Bool, epoch: Int64) async throws(BrokerError) -> Agenda {
        guard epoch == leader.epoch else { throw BrokerError(.stale, "STALE another leads") }
        if rebuild { for uid in ledgers.keys { due[uid] = min(due[uid] ?? 0, 0) } }
        let order = due.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        let uids = order.filter { $0.value <= now }.prefix(min(limit, 500)).map(\.key)
        for uid in uids { due[uid] = nil }
        agendaHasNews = false
        let next = due.values.min().map { Timestamp(milliseconds: max($0, 1)) }
        return Agenda(jobs: uids, next: next, now: clock())
    }

    public func remind(uid: String, at time: Timestamp) async throws(BrokerError) {
        if ledgers[uid] != nil { remind(uid, time.milliseconds) }
    }
}
