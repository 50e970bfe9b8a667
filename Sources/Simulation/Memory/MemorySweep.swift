import BatchAPI
import Broker

/// Sweep: cuts, surplus and deletions, 500 leases or pods a step.
extension MemoryBroker {
    public func sweep(uid: String, epoch: Int64) async throws(BrokerError) -> Int {
        guard epoch == leader.epoch else { throw BrokerError(.stale, "STALE another leads") }
        guard let ledger = ledgers[uid] else { return 0 }
        if !ledger.needsSweep, ledger.isDeleted { return collect(ledger) ? 1 : 0 }
        sweepCut(ledger)
        sweepUnbound(ledger)
        let more = sweepLate(ledger) || sweepSurplus(ledger) || ledger.needsSweep || ledger.isDeleted
        offer(ledger, isLed: true)
        return more ? 1 : 0
    }

    /// Marks a lease as deleted, uncounted (R11). Nobody runs a pod that was never bound: it is gone at once.
    func delete(_ ledger: MemoryLedger, _ token: Token) {
        guard let lease = ledger.leases[token] else { return }
        let keepsItems = ledger.replacesOnlyFailed && !ledger.isCutOff(lease)
        ledger.leases[token]!.state = keepsItems ? .deletedKeepingItems : .deleted
        if !keepsItems, !ledger.isCutOff(lease), !ledger.isDeleted { ledger.makeReady(lease.items) }
        if !lease.instance.isEmpty { stop(ledger, token, lease, nil) }
        guard ledger.pods[token] != nil else { return }
        (ledger.pods[token]!.deletion, ledger.pods[token]!.isCounted) = (clock(), true)
        touchPod(ledger, token)
        if !ledger.isDeleted { notePod(ledger, "SuccessfulDelete", "Deleted pod: \(lease.pod)") }
        guard lease.instance.isEmpty, ledger.pods[token]!.node.isEmpty else { return }
        vanish(ledger, token)
        letGo(ledger, token)
    }

    /// What an ending, a deletion or a shrink makes of the leases.
    private func sweepCut(_ ledger: MemoryLedger) {
        guard ledger.needsSweep else { return }
        ledger.leases = ledger.leases.mapValues { ledger.trimmed($0) }
        let met = ledger.leases.keys.sorted().filter { isMet(ledger, $0) }
        for token in met.prefix(500) { sweep(ledger, token) }
        if met.count > 500 { return }
        ledger.needsSweep = false
        if ledger.shrunk != nil {
            ledger.shrunk = nil
            remind(ledger.uid, 0)
        }
    }

    private func isMet(_ ledger: MemoryLedger, _ token: Token) -> Bool {
        guard let lease = ledger.leases[token] else { return false }
        switch lease.state {
        case .live: return token <= ledger.cut || ledger.isCutOff(lease) || ledger.isBlind && ledger.pods[token]?.isCounted == false
        case .kept: return ledger.isEnded || ledger.isBlind || ledger.isDeleted || ledger.isCutOff(lease)
        case .deletedKeepingItems: return ledger.isCutOff(lease)
        default: return false
        }
    }

    private func sweep(_ ledger: MemoryLedger, _ token: Token) {
        let lease = ledger.leases[token]!
        if lease.state == .deletedKeepingItems {
            ledger.leases[token]!.state = .deleted
        } else if lease.state == .kept {
            if !ledger.isEnded, !ledger.isBlind { ledger.kept -= 1 }
            ledger.leases[token]!.state = ledger.isCutOff(lease) ? .deleted : .deletedKeepingItems
            untrack(ledger, token)
            // Its finalizer was all that held a pod that nobody runs.
            if lease.instance.isEmpty, ledger.pods[token]?.node.isEmpty ?? true {
                vanish(ledger, token)
                letGo(ledger, token)
            }
        } else if token <= ledger.cut {
            delete(ledger, token)
        } else if ledger.isCutOff(lease) {
            leave(ledger, token)
            ledger.terminating += 1
            delete(ledger, token)
        } else {
            untrack(ledger, token)
        }
    }

    /// Failures of indexes that will not be tried again (R36).
    private func sweepLate(_ ledger: MemoryLedger) -> Bool {
        guard ledger.isEnded || ledger.isBlind else { return false }
        for (index, late) in ledger.late.sorted(by: { $0.key < $1.key }).prefix(500) {
            ledger.late[index] = nil
            untrack(ledger, late.token)
        }
        return !ledger.late.isEmpty
    }

    /// Pods that were never bound and are held by their finalizer end 20 s after their deletion (P10).
    private func sweepUnbound(_ ledger: MemoryLedger) {
        if ledger.kept == 0 { return }
        for (token, lease) in ledger.leases.sorted(by: { $0.key < $1.key }) where lease.state == .kept {
            guard let pod = ledger.pods[token], pod.node.isEmpty else { continue }
            let due = (pod.deletion?.milliseconds ?? 0) + 20_000
            if due > now { remind(ledger.uid, due) } else {
                var outcome = MemoryOutcome(lost: "", .failed)
                (outcome.reason, outcome.message, outcome.disruption) = ("", "", "")
                _ = settle(ledger, token, outcome)
            }
        }
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

    /// Unscheduled before scheduled, Pending before Running, not ready before ready, ready for a shorter time first, more restarts first,
    /// newer first (R11). A chunk runs.
    private func goesFirst(_ ledger: MemoryLedger, _ left: Token, _ right: Token) -> Bool {
        func key(_ token: Token) -> [Int64] {
            guard let pod = ledger.pods[token] else { return [1, 1, 1, 0, 0, -token] }
            return [
                pod.node.isEmpty ? 0 : 1, pod.phase == "Running" ? 1 : 0, pod.isRunning ? 1 : 0, -(ledger.readied[token] ?? 0), -Int64(pod.restarts), -token,
            ]
        }
        return key(left).lexicographicallyPrecedes(key(right))
    }

    /// Finished pods go at once, the others when they have ended; then all the rest.
    private func collect(_ ledger: MemoryLedger) -> Bool {
        if ledger.isOrphaned {
            // Its pods go one by one, as they are deleted.
            if ledger.pods.isEmpty, ledger.leases.isEmpty, ledger.moved.isEmpty { forget(ledger) }
            return false
        }
        let finished = ledger.pods.keys.filter { ledger.leases[$0] == nil }.sorted()
        for token in finished.prefix(500) { removePod(ledger, token) }
        if finished.count > 500 { return true }
        if ledger.leases.isEmpty {
            forget(ledger)
            due[ledger.uid] = nil
        }
        return false
    }

    private func forget(_ ledger: MemoryLedger) {
        unlist(ledger)
        ledgers[ledger.uid] = nil
    }
}
