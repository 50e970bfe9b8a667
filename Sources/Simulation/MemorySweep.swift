import BatchAPI
import Broker

/// Sweep: cuts, surplus and deletions, 500 leases or pods a step.
extension MemoryBroker {
    public func sweep(uid: String, epoch: Int64) async throws(BrokerError) -> Int {
        guard epoch == leader.epoch else { throw BrokerError(.stale, "STALE another leads") }
        guard let ledger = ledgers[uid] else { return 0 }
        if !ledger.needsSweep, ledger.isDeleted { return collect(ledger) ? 1 : 0 }
        sweepCut(ledger)
        let more = sweepSurplus(ledger) || ledger.needsSweep || ledger.isDeleted
        offer(ledger)
        return more ? 1 : 0
    }

    private func delete(_ ledger: MemoryLedger, _ token: Token) {
        guard let lease = ledger.leases[token] else { return }
        ledger.leases[token]!.state = ledger.replacesOnlyFailed ? .deletedKeepingItems : .deleted
        if ledger.pods[token] != nil {
            ledger.pods[token]!.deletion = clock()
            ledger.pods[token]!.resourceVersion = nextVersion()
        }
        tell(lease.node, .stop(job: ledger.uid, token: token, grace: nil))
        if !ledger.replacesOnlyFailed, !ledger.isDeleted { ledger.makeReady(lease.items) }
    }

    private func sweepCut(_ ledger: MemoryLedger) {
        guard ledger.needsSweep else { return }
        let met = ledger.leases.filter { $0.value.state == .live && $0.key <= ledger.cut }.keys.sorted()
        for token in met.prefix(500) { delete(ledger, token) }
        ledger.needsSweep = met.count > 500
    }

    private func sweepSurplus(_ ledger: MemoryLedger) -> Bool {
        let surplus = ledger.active - ledger.permits
        guard surplus > 0, ledger.gate.isEmpty else { return false }
        let live = ledger.leases.filter { ledger.isLive($0.key, $0.value) }.keys.sorted { goesFirst(ledger, $0, $1) }
        let victims = live.prefix(min(surplus, 500))
        for token in victims {
            leave(ledger, token)
            ledger.terminating += 1
            delete(ledger, token)
        }
        ledger.version += 1
        markDirty(ledger)
        return !victims.isEmpty && victims.count < surplus
    }

    /// Not ready before ready, ready for a shorter time first, more restarts first, newer first (R11).
    private func goesFirst(_ ledger: MemoryLedger, _ left: Token, _ right: Token) -> Bool {
        func key(_ token: Token) -> [Int64] {
            let pod = ledger.pods[token]
            return [
                pod?.phase == "Running" ? 1 : 0, pod?.isRunning == true ? 1 : 0, -(pod?.started?.milliseconds ?? 0), -Int64(pod?.restarts ?? 0), -token,
            ]
        }
        return key(left).lexicographicallyPrecedes(key(right))
    }

    /// Finished pods go at once, the others when they have ended; then all the rest.
    private func collect(_ ledger: MemoryLedger) -> Bool {
        let finished = ledger.pods.keys.filter { ledger.leases[$0] == nil }.sorted()
        for token in finished.prefix(500) { removePod(ledger, token) }
        if finished.count > 500 { return true }
        if ledger.leases.isEmpty {
            ledgers[ledger.uid] = nil
            due[ledger.uid] = nil
        }
        return false
    }
}
