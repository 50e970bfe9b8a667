import BatchAPI
import Broker

/// leased -> done | held for a verdict | ready again: Settle.
extension MemoryBroker {
    /// Ends a lease; false if the token is not the instance's (any more).
    func settle(_ ledger: MemoryLedger, _ token: Token, _ outcome: MemoryOutcome) -> Bool {
        guard let known = ledger.leases[token], known.instance == outcome.instance else { return false }
        let lease = ledger.trimmed(known)
        ledger.leases[token] = nil
        if ledger.isLive(token, lease) {
            settleLive(ledger, token, lease, outcome)
            if ledger.isOver { lookSoon(ledger) }
        } else {
            settleDeleted(ledger, token, lease, outcome)
        }
        markDirty(ledger)
        return true
    }

    /// The counters of a live attempt that ends.
    func leave(_ ledger: MemoryLedger, _ token: Token) {
        ledger.active -= 1
        guard let pod = ledger.pods[token] else { return }
        ledger.ready -= pod.isRunning ? 1 : 0
        ledger.restarts -= pod.restarts
    }

    private func settleLive(_ ledger: MemoryLedger, _ token: Token, _ lease: MemoryLease, _ outcome: MemoryOutcome) {
        leave(ledger, token)
        // What a shrink has cut off counts for nothing, and does not run again.
        let isCut = ledger.isCutOff(lease)
        switch (outcome.result, lease.pod.isEmpty) {
        case (.released, let isChunk):
            if !isCut { ledger.makeReady(lease.items) }
            if !isChunk { removePod(ledger, token) }
        case (_, true): if !isCut { settleChunk(ledger, lease, outcome) }
        case (_, false): settlePod(ledger, token, lease, outcome)
        }
    }

    /// What its outcome makes of an attempt that still counts.
    private func settlePod(_ ledger: MemoryLedger, _ token: Token, _ lease: MemoryLease, _ outcome: MemoryOutcome) {
        let finished = now - Int64(outcome.finishedAgo)
        let isUntracked = ledger.pods[token]?.isCounted == true
        if ledger.isBlind || isUntracked || ledger.isCutOff(lease) || isStray(ledger, token, lease) {
            // The Job is being deleted (R25), the tracking is off, or the index is cut off (R21).
            endPod(ledger, token, outcome.result == .succeeded ? "Succeeded" : "Failed", outcome, isCounted: true)
            if !ledger.isCutOff(lease) { ledger.makeReady(lease.items) }
        } else if outcome.result == .succeeded {
            succeed(ledger, itemsDone(ledger, token, lease), finished)
            endPod(ledger, token, "Succeeded", outcome, isCounted: true)
        } else {
            endPod(ledger, token, "Failed", outcome, isCounted: false)
            hold(ledger, token, finished)
        }
    }

    /// Whether an attempt of an Indexed Job has no index that counts (R4).
    private func isStray(_ ledger: MemoryLedger, _ token: Token, _ lease: MemoryLease) -> Bool {
        guard ledger.job.spec.isIndexed, lease.items == nil else { return false }
        return ledger.pods[token]?.index.map { $0 >= ledger.completions ?? 0 } ?? true
    }

    /// The items that a success is about; an extra attempt may have done what stands free.
    private func itemsDone(_ ledger: MemoryLedger, _ token: Token, _ lease: MemoryLease) -> ClosedRange<Int>? {
        guard ledger.job.spec.isIndexed, lease.items == nil, let index = ledger.pods[token]?.index else { return lease.items }
        ledger.takeFree(index)
        return index...index
    }

    /// A success ends the back-off, unless a failure awaits its verdict (R34).
    private func succeed(_ ledger: MemoryLedger, _ items: ClosedRange<Int>?, _ finished: Int64) {
        ledger.succeeded += items.map { items in ledger.extras > 0 ? items.count { !ledger.done.contains($0) } : items.count } ?? 1
        if let items { ledger.done.insert(items) }
        ledger.free(items)
        if ledger.undecided == 0 {
            (ledger.failures, ledger.notBefore) = (0, 0)
        } else {
            ledger.newestSuccess = max(ledger.newestSuccess, finished)
        }
    }

    func hold(_ ledger: MemoryLedger, _ token: Token, _ finished: Int64) {
        ledger.held[token] = finished
        ledger.undecided += 1
        ledger.version += 1
        lookSoon(ledger)
    }

    private func endPod(_ ledger: MemoryLedger, _ token: Token, _ phase: String, _ outcome: MemoryOutcome, isCounted: Bool) {
        if outcome.isWritten {
            if isCounted { untrack(ledger, token) }
            return
        }
        guard var pod = ledger.pods[token] else { return }
        (pod.phase, pod.finished, pod.isRunning) = (phase, Timestamp(milliseconds: now - Int64(outcome.finishedAgo)), false)
        (pod.exitCode, pod.reason, pod.message) = (outcome.exitCode, outcome.reason, outcome.message)
        if !outcome.container.isEmpty { pod.container = outcome.container }
        if let states = outcome.states { pod.states = ContainerState.read(states, now: Timestamp(milliseconds: now)) }
        (pod.disruption, pod.tail, pod.restarts) = (outcome.disruption, outcome.tail, outcome.restarts ?? pod.restarts)
        if outcome.startedAgo >= 0 { pod.started = Timestamp(milliseconds: now - Int64(outcome.startedAgo)) }
        pod.resourceVersion = nextVersion()
        pod.isCounted = isCounted
        ledger.pods[token] = pod
        if isCounted { retainPod(ledger, token, isSuccess: phase == "Succeeded", now - Int64(outcome.finishedAgo)) }
    }

    /// A chunk: what is not an exception succeeded; at most 500 exceptions are held at once (I9), the others run again.
    private func settleChunk(_ ledger: MemoryLedger, _ lease: MemoryLease, _ outcome: MemoryOutcome) {
        var lease = lease
        if !outcome.results.isEmpty { ledger.results.append(outcome.results) }
        if let pace = outcome.pace, ledger.runsInChunks { ledger.pace = min(pace, ledger.pace * 8) }
        if let ran = outcome.ran, ran < lease.items?.count ?? 1 {
            ledger.makeReady(lease.items.map { $0.lowerBound + ran...$0.upperBound })
            if ran == 0 { return }
            lease.items = lease.items.map { $0.lowerBound...($0.lowerBound + ran - 1) }
        }
        let finished = now - Int64(outcome.finishedAgo), last = lease.items?.upperBound ?? -1
        let isWhole = outcome.result == .failed && outcome.exceptions.isEmpty
        let failed = isWhole ? lease.items.map { Array($0) } ?? [-1] : outcome.exceptions.sorted()
        var at = lease.items?.lowerBound ?? -1
        var count = 0
        for index in failed where index >= at && index <= last {
            if index > at { succeed(ledger, at...index - 1, finished) }
            (at, count) = (index + 1, count + 1)
            if count <= 500 { failItem(ledger, lease, index, outcome, finished) } else { ledger.makeReady(index...index) }
        }
        if at <= last { succeed(ledger, lease.items == nil ? nil : at...last, finished) }
    }

    /// A failed item of a chunk becomes a failed pod of its own.
    private func failItem(_ ledger: MemoryLedger, _ lease: MemoryLease, _ index: Int, _ outcome: MemoryOutcome, _ finished: Int64) {
        var outcome = outcome
        if let at = outcome.exceptions.firstIndex(of: index), at < outcome.details.count {
            (outcome.exitCode, outcome.message) = (outcome.details[at].exitCode, outcome.details[at].message)
        }
        let token = nextToken(ledger), index = index < 0 ? nil : index
        let failures = ledger.isPerIndex ? ledger.fails[index ?? -1] ?? 0 : 0
        makePod(ledger, token, podName(ledger, token, index), index, lease.node, "\(ledger.uid)-\(token)", failures)
        endPod(ledger, token, "Failed", outcome, isCounted: false)
        hold(ledger, token, finished)
    }

    /// One that is its Job's no more (R3).
    private func settleReleased(_ ledger: MemoryLedger, _ token: Token, _ outcome: MemoryOutcome) {
        endPod(ledger, token, outcome.result == .succeeded ? "Succeeded" : "Failed", outcome, isCounted: true)
        guard !outcome.isWritten, ledger.pods[token]?.deletion != nil else { return }
        ledger.gone.insert(token)
        letGo(ledger, token)
    }

    /// An attempt that was deleted. It counts only if just its own end does (R30, R46); what its ending frees may start.
    private func settleDeleted(_ ledger: MemoryLedger, _ token: Token, _ lease: MemoryLease, _ outcome: MemoryOutcome) {
        if lease.state == .released { return settleReleased(ledger, token, outcome) }
        if lease.state != .vanished { ledger.terminating -= 1 }
        if ledger.pods[token] != nil, !outcome.isWritten { ledger.gone.insert(token) }
        if lease.state == .kept, !ledger.isEnded {
            ledger.kept -= 1
            settlePod(ledger, token, lease, outcome)
            letGo(ledger, token)
        } else {
            if [.deletedKeepingItems, .live, .kept].contains(lease.state), !ledger.isDeleted, !ledger.isCutOff(lease) { ledger.makeReady(lease.items) }
            let isHeld = ledger.held[token] != nil
            endPod(ledger, token, outcome.result == .succeeded ? "Succeeded" : "Failed", outcome, isCounted: !isHeld)
            if !isHeld { letGo(ledger, token) }
        }
        if ledger.terminating == 0 { lookSoon(ledger) }
    }
}
