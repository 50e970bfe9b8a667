import BatchAPI
import Broker

/// Placement classes: Classes. A class is named by the text of its terms here.
extension MemoryBroker {
    /// A Job has this class from now on. The nodes hear of one that is new.
    func use(_ placement: String) {
        if placement.isEmpty || classNumbers[placement] != nil { return }
        classNumbers[placement] = (classNumbers.values.max() ?? 0) + 1
        for node in members.keys.sorted() { tell(node, .classes) }
    }

    public func classes(node: String, epoch: String, after number: Int64) async throws(BrokerError) -> ClassPage {
        // A store that came back older counts anew.
        let present = String(incarnation), after = epoch == present ? number : 0
        let new = classNumbers.filter { $0.value > after }.sorted { $0.value < $1.value }
        let classes = new.map { text, _ in
            PlacementClass(id: text, terms: PlacementTerms((try? Value.parse(json: Array(text.utf8))) ?? .null))
        }
        let written = kept[["nodes", "", node]]?.value
        return ClassPage(epoch: present, number: new.last?.value ?? after, classes: classes, isPart: false, written: written)
    }

    public func reserve(node: String, classes: [String]) async throws(BrokerError) -> String? {
        let waiting = Set(runnable.compactMap { ledgers[$0.uid] }.filter { $0.startable(now) > 0 || !$0.pending.isEmpty }.map(\.placement))
        reserved = reserved.filter { members[$0.value] != nil && waiting.contains($0.key) && ($0.value != node || classes.contains($0.key)) }
        if let held = reserved.first(where: { $0.value == node }) { return held.key }
        guard let free = classes.first(where: { waiting.contains($0) && reserved[$0] == nil }) else { return nil }
        reserved[free] = node
        return free
    }

    /// Whether one more attempt on the node keeps the Job spread; not before the leader has told of the domains.
    func maySpread(_ ledger: MemoryLedger, _ node: String) -> Bool {
        if !ledger.isSpread { return true }
        guard let domains = ledger.domains else { return false }
        var attempts: [String: Int] = [:]
        for (token, lease) in ledger.leases where ledger.isLive(token, lease) { attempts[lease.node, default: 0] += 1 }
        return domains.allSatisfy { $0.allows(node, attempts: attempts) }
    }

    public func spread(uid: String, epoch: Int64, _ domains: [TopologySpread.Domains]) async throws(BrokerError) {
        guard epoch == leader.epoch else { throw BrokerError(.stale, "STALE another leads") }
        guard let ledger = ledgers[uid], ledger.domains != domains else { return }
        ledger.domains = domains
        offer(ledger)
    }

    /// The nodes, or their labels, have changed: the leader looks at every Job that is spread.
    func spreadAnew() { for uid in ledgers.keys.sorted() where ledgers[uid]!.isSpread && !ledgers[uid]!.isEnded { remind(uid, 0) } }
}
