import BatchAPI
import Broker

/// Ownerless pods and the Jobs that take them: Adopt.
extension MemoryBroker {
    public func strays(namespace: String) async throws(BrokerError) -> [(job: Job, pod: PodRecord)] {
        let known = (strays[namespace] ?? []).sorted { ($0.job, $0.token) < ($1.job, $1.token) }.prefix(500)
        return known.compactMap { stray in
            guard let ledger = ledgers[stray.job], let pod = ledger.pods[stray.token] else { return nil }
            return (ledger.job, pod)
        }
    }

    public func adopt(_ adoption: Adoption, epoch: Int64) async throws(BrokerError) -> Bool {
        guard epoch == leader.epoch else { throw BrokerError(.stale, "STALE another leads") }
        guard let ledger = ledgers[adoption.job], !ledger.isDeleted, let home = ledgers[adoption.holder],
            var pod = home.pods[adoption.token], pod.isDisowned
        else { return false }
        let token = nextToken(ledger)
        var lease = takeLease(home, adoption.token, ledger, token)
        move(home, adoption.token, ledger, token)
        (pod.token, pod.isDisowned, pod.isCounted, pod.index) = (token, false, !adoption.isTracked, adoption.index)
        (pod.metadata, pod.spec, pod.failures, pod.ignores) = (adoption.metadata, adoption.spec, adoption.failures, adoption.ignores)
        ledger.pods[token] = pod
        touchPod(ledger, token)
        lease.items = takeItem(ledger, token, adoption.index)
        (lease.state, lease.pod) = (.live, pod.name)
        ledger.leases[token] = lease
        (ledger.active, ledger.version) = (ledger.active + 1, ledger.version + 1)
        ledger.ready += pod.isRunning ? 1 : 0
        ledger.restarts += pod.restarts
        if pod.isTerminal {
            let ago = max(0, now - (pod.finished?.milliseconds ?? now))
            let result: Report.Result = pod.phase == "Succeeded" ? .succeeded : .failed
            _ = settle(ledger, token, MemoryOutcome(written: result, instance: lease.instance, finishedAgo: Int(ago)))
        }
        if home !== ledger { remind(home.uid, 0) }
        markDirty(ledger)
        return true
    }

    private func move(_ home: MemoryLedger, _ old: Token, _ ledger: MemoryLedger, _ token: Token) {
        home.pods[old] = nil
        strays[home.job.metadata.namespace]?.remove(MemoryStray(job: home.uid, token: old))
        ended.removeAll { $0.job == home.uid && $0.token == old }
        if home.gone.remove(old) != nil { ledger.gone.insert(token) }
        if home.holds.remove(old) != nil { ledger.holds.insert(token) }
        ledger.readied[token] = home.readied.removeValue(forKey: old)
        home.extraTokens.remove(old)
        ledger.homes[token] = MemoryStray(job: home.uid, token: old)
    }

    /// Its lease at home; a worker's leaves its new address behind.
    private func takeLease(_ home: MemoryLedger, _ old: Token, _ ledger: MemoryLedger, _ token: Token) -> MemoryLease {
        guard let lease = home.leases[old] else { return MemoryLease(node: "", instance: "", slot: 0, items: nil, pod: "") }
        if home.isLive(old, lease) { home.active -= 1 }
        home.leases[old] = nil
        if !lease.instance.isEmpty { home.moved[old] = MemoryStray(job: ledger.uid, token: token) }
        return lease
    }

    /// The lowest free item, or the pod's own index; nil if there is none: then it is an extra attempt.
    private func takeItem(_ ledger: MemoryLedger, _ token: Token, _ index: Int?) -> ClosedRange<Int>? {
        ledger.extras += 1
        if ledger.job.spec.isIndexed { return ledger.takeIndex(token, index) }
        guard let completions = ledger.completions else { return nil }
        if !ledger.readyRanges.isEmpty || ledger.cursor < completions, let items = ledger.take(1, now) { return items }
        ledger.extraTokens.insert(token)
        return nil
    }

    public func discard(uid: String, epoch: Int64, _ attempts: [Surplus]) async throws(BrokerError) {
        guard epoch == leader.epoch else { throw BrokerError(.stale, "STALE another leads") }
        guard let ledger = ledgers[uid] else { return }
        for surplus in attempts {
            guard let lease = ledger.leases[surplus.token], ledger.isLive(surplus.token, lease) else { continue }
            if let heir = surplus.heir, ledger.leases[heir]?.items == nil {
                ledger.leases[heir]?.items = lease.items
                ledger.leases[surplus.token]!.items = nil
                ledger.extraTokens.remove(heir)
            }
            leave(ledger, surplus.token)
            ledger.terminating += 1
            delete(ledger, surplus.token)
        }
        ledger.version += 1
        markDirty(ledger)
    }

    /// Where an attempt is now, if a Job has taken it over; its worker goes on to name it as it was.
    func present(_ job: String, _ token: Token) -> (ledger: MemoryLedger?, token: Token) {
        guard let ledger = ledgers[job], let place = ledger.moved[token] else { return (ledgers[job], token) }
        return (ledgers[place.job], place.token)
    }

    /// A pod has become nobody's: the Jobs of its namespace look whether they want it (R3).
    func offerStray(_ namespace: String) {
        for (path, uid) in paths.sorted(by: { $0.key < $1.key }) where path.namespace == namespace { remind(uid, now + 1000) }
    }
}
