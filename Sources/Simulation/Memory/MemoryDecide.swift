import BatchAPI
import Broker

/// State and Decide.
extension MemoryBroker {
    public func state(uid: String) async throws(BrokerError) -> LedgerState? {
        guard let ledger = ledgers[uid] else { return nil }
        func time(_ milliseconds: Int64) -> Timestamp? { milliseconds == 0 ? nil : Timestamp(milliseconds: milliseconds) }
        var state = LedgerState(job: ledger.job)
        (state.settings, state.version, state.now, state.gate) = (ledger.settings, ledger.version, clock(), ledger.gate)
        (state.active, state.ready, state.terminating) = (ledger.active, ledger.ready, ledger.terminating)
        (state.succeeded, state.failed, state.restarts) = (ledger.succeeded, ledger.failed, ledger.restarts)
        (state.failedIndexes, state.failuresSinceSuccess) = (ledger.bad.count, ledger.failures)
        (state.newestSuccess, state.notBefore, state.watermark) = (time(ledger.newestSuccess), time(ledger.notBefore), ledger.watermark)
        (state.late, state.kept, state.pending) = (ledger.lateCounted, ledger.kept, ledger.pending.count)
        state.strays = strays[ledger.job.metadata.namespace]?.count ?? 0
        (state.isBlind, state.isExternal, state.isCuttingOff, state.hasExtras) =
            (ledger.isBlind, ledger.isExternal, ledger.shrunk != nil, ledger.extras > 0)
        (state.needsSweep, state.isDeleted) = (ledger.needsSweep, ledger.isDeleted)
        (state.window, state.failedWindow) = (window(ledger, ledger.done), window(ledger, ledger.bad))
        ledger.stragglers.removeAll { ledger.done.contains($0) && !ledger.bad.contains($0) }
        state.stragglers = ledger.stragglers.filter { !ledger.bad.contains($0) }
        state.failedStragglers = ledger.stragglers.filter { ledger.bad.contains($0) }
        if ledger.takesItems { state.take(items: ledger.completions ?? 0, isOpen: ledger.isOpen) }
        let held = ledger.held.sorted { ($0.value, String($0.key)) < ($1.value, String($1.key)) }.prefix(500)
        state.undecided = held.compactMap { ledger.pods[$0.key] }
        ledger.isDirty = false
        return state
    }

    /// Bits from the watermark rounded down to 8 up to the last one set before the cursor, at most 2^25.
    private func window(_ ledger: MemoryLedger, _ set: IndexRanges) -> [UInt8] {
        let from = ledger.watermark / 8, to = min((ledger.cursor + 7) / 8 - 1, from + (1 << 22) - 1)
        guard to >= from else { return [] }
        var bytes = [UInt8](repeating: 0, count: to - from + 1)
        for range in set.ranges {
            let clamped = max(range.lowerBound, from * 8)..<min(range.upperBound + 1, (to + 1) * 8).clamped(after: max(range.lowerBound, from * 8))
            for index in clamped { bytes[index / 8 - from] |= 0x80 >> UInt8(index % 8) }
        }
        // A bitmap in the store ends with its last byte that was written.
        let end = set.ranges.last.map { $0.upperBound / 8 } ?? -1
        return Array(bytes.prefix(max(0, end - from + 1)))
    }

    public func decide(_ decision: Decision) async throws(BrokerError) {
        guard decision.epoch == leader.epoch else { throw BrokerError(.stale, "STALE another leads") }
        guard let ledger = ledgers[decision.uid], !ledger.isDeleted else { throw BrokerError(.notFound, "GONE no such job") }
        guard decision.version == ledger.version else { throw BrokerError(.stale, "STALE the ledger has moved") }
        if let census = decision.census, census != Census(active: ledger.active, terminating: ledger.terminating, succeeded: ledger.succeeded) {
            throw BrokerError(.stale, "STALE attempts have started or ended")
        }
        for verdict in decision.verdicts { apply(verdict, ledger) }
        if let isCounted = decision.cut { cut(ledger, isCounted) }
        end(ledger, decision)
        if !decision.verdicts.isEmpty || decision.cut != nil { ledger.version += 1 }
        (ledger.gate, ledger.permits, ledger.watermark) = (decision.gate, decision.permits, decision.watermark)
        ledger.stragglers = decision.stragglers ?? ledger.stragglers
        ledger.deadline = decision.deadline?.milliseconds ?? 0
        applyBackOff(decision, ledger)
        let count = decision.items ?? ledger.job.spec.completions
        if let status = decision.status.map({ JobStatus($0.value) }), status != ledger.job.status || count != ledger.job.spec.completions {
            (ledger.job.status, ledger.job.spec.completions) = (status, count)
            touch(ledger)
        }
        for event in decision.events { note(ledger, event.type, event.reason, event.message) }
        plan(ledger, decision.nextLook)
        offer(ledger, isLed: true)
    }

    private func apply(_ verdict: Decision.Verdict, _ ledger: MemoryLedger) {
        guard ledger.held.removeValue(forKey: verdict.token) != nil else { return }
        let counted = verdict.isCounted ? 1 : 0, index = ledger.pods[verdict.token]?.index
        let isExtra = ledger.extraTokens.contains(verdict.token)
        ledger.undecided -= 1
        ledger.failed += counted
        if verdict.fate == .retry, let index, !isExtra, ledger.isPerIndex, !ledger.settings.yieldsPlace, !ledger.isEnded, !ledger.isBlind {
            setLate(ledger, index, verdict.token, counted)
        } else {
            untrack(ledger, verdict.token)
        }
        guard let index, verdict.fate != .nothing, !isExtra || verdict.fate == .failIndex else { return }
        if ledger.isPerIndex, verdict.isCounted { ledger.fails[index, default: 0] += 1 }
        if ledger.isPerIndex, !verdict.isCounted { ledger.ignores[index, default: 0] += 1 }
        let notBefore = verdict.notBefore?.milliseconds ?? 0
        if verdict.fate == .failIndex {
            if isExtra { ledger.takeFree(index) }
            ledger.bad.insert(index)
            ledger.free(index...index)
            (ledger.fails[index], ledger.ignores[index]) = (nil, nil)
        } else if verdict.fate == .retry, notBefore > now {
            ledger.waiting[index] = notBefore
        } else {
            ledger.makeReady(index...index)
        }
    }

    /// The failure of an index that will be tried again counts when its replacement starts (R36).
    private func setLate(_ ledger: MemoryLedger, _ index: Int, _ token: Token, _ counted: Int) {
        if let old = ledger.late[index] {
            ledger.lateCounted -= old.counted
            untrack(ledger, old.token)
        }
        ledger.late[index] = (token, counted)
        ledger.lateCounted += counted
    }

    private func cut(_ ledger: MemoryLedger, _ isCounted: Bool) {
        if isCounted, !ledger.isBlind { ledger.failed += ledger.active + ledger.kept }
        if ledger.active == 0 { return }
        ledger.terminating += ledger.active
        (ledger.active, ledger.ready, ledger.restarts, ledger.cut, ledger.needsSweep) = (0, 0, 0, newestToken(ledger), true)
    }

    /// The Job ends, or is deleted: whatever has failed counts now (R36), and what still runs never will again.
    private func end(_ ledger: MemoryLedger, _ decision: Decision) {
        if decision.ends, !ledger.isEnded { (ledger.isEnded, ledger.kept, ledger.needsSweep, ledger.slabs) = (true, 0, true, [:]) }
        if decision.blinds, !ledger.isBlind { (ledger.isBlind, ledger.kept, ledger.needsSweep) = (true, 0, true) }
        if ledger.isEnded || ledger.isBlind { ledger.lateCounted = 0 }
    }

    /// A success since the state was read ends the back-off (R34).
    private func applyBackOff(_ decision: Decision, _ ledger: MemoryLedger) {
        let isNewer = decision.seenSuccess.map { ledger.newestSuccess > $0.milliseconds } ?? false
        if isNewer, ledger.undecided > 0 { return }
        if isNewer {
            (ledger.failures, ledger.notBefore) = (0, 0)
        } else if ledger.failures != 0 || ledger.newestSuccess != 0 || !decision.verdicts.isEmpty {
            (ledger.failures, ledger.notBefore) = (decision.failuresSinceSuccess, decision.notBefore?.milliseconds ?? 0)
        }
        ledger.newestSuccess = 0
    }

    private func plan(_ ledger: MemoryLedger, _ nextLook: Timestamp?) {
        if ledger.gate.isEmpty, ledger.active > ledger.permits { ledger.needsSweep = true }
        if ledger.undecided > 0 || ledger.needsSweep { remind(ledger.uid, 0) }
        if let nextLook, nextLook.milliseconds > 0 { remind(ledger.uid, nextLook.milliseconds) }
        // What is due already was offered, or waits for a permit.
        if let first = ledger.waiting.values.filter({ $0 > now }).min() { remind(ledger.uid, first) }
    }
}

extension Int {
    /// This, or `other` if that is greater.
    fileprivate func clamped(after other: Int) -> Int { Swift.max(self, other) }
}
