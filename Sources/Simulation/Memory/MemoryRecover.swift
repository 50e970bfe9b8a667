import BatchAPI
import Broker

/// A store that was started anew, or came back older: Recover and TakeBack.
extension MemoryBroker {
    /// What a store keeps on disk.
    struct Checkpoint: @unchecked Sendable {
        fileprivate var ledgers: [String: MemoryLedger]
        fileprivate var paths: [MemoryPath: String]
        fileprivate var due: [String: Int64]
        fileprivate var runnable: [MemoryTurn]
        fileprivate var shares: [Int: Int64]
        fileprivate var members: [String: MemoryNode]
        fileprivate var slots: [String: [Int: MemoryCall]]
        fileprivate var strays: [String: Set<MemoryStray>]
        fileprivate var ended: [MemoryEnding]
        fileprivate var news: [String: [NodeNews]]
        fileprivate var idle: [String: Set<String>]
        fileprivate var takers: [String: [String: ClaimRequest]]
        fileprivate var classNumbers: [String: Int64]
        fileprivate var reserved: [String: String]
    }

    func checkpoint() -> Checkpoint {
        Checkpoint(
            ledgers: ledgers.mapValues { $0.copied() }, paths: paths, due: due, runnable: runnable, shares: shares, members: members, slots: slots,
            strays: strays, ended: ended, news: news, idle: idle, takers: takers, classNumbers: classNumbers, reserved: reserved)
    }

    /// Another incarnation: tokens, epochs and versions go ahead of whatever may be out there, and nothing is granted until every known
    /// node has presented what it runs or has been given up.
    func recover(from checkpoint: Checkpoint?) {
        if let checkpoint {
            (ledgers, paths, due, runnable) = (checkpoint.ledgers.mapValues { $0.copied() }, checkpoint.paths, checkpoint.due, checkpoint.runnable)
            (members, slots, strays, ended) = (checkpoint.members, checkpoint.slots, checkpoint.strays, checkpoint.ended)
            (news, idle, classNumbers, shares) = (checkpoint.news, checkpoint.idle, checkpoint.classNumbers, checkpoint.shares)
            (reserved, takers) = (checkpoint.reserved, checkpoint.takers)
        }
        incarnation += 1
        tokenFloor += 1 << 32
        (leader.epoch, version) = (leader.epoch + 1_000_000, version + 1_000_000)
        idle = [:]
        recovering = Set(members.keys)
        for uid in ledgers.keys { due[uid] = 0 }
        wakeLeader()
    }

    /// An attempt that the ledger doesn't know, from before it came back older, is taken back if its items are free.
    func takeBack(_ ledger: MemoryLedger, _ heartbeat: Heartbeat, _ held: HeldLease) -> Bool {
        guard mayGoOn(ledger, held), held.items.map({ ledger.takeFree($0) }) ?? true else { return false }
        ledger.active += 1
        ledger.leases[held.token] = MemoryLease(
            node: heartbeat.node, instance: heartbeat.instance, slot: held.slot, items: held.items, pod: held.pod)
        if !held.pod.isEmpty {
            let index = held.items?.lowerBound
            makePod(ledger, held.token, held.pod, index, heartbeat.node, held.podUID, index.flatMap { ledger.fails[$0] } ?? 0)
        }
        markDirty(ledger)
        return true
    }

    /// A pod that stands Pending again, as it did before the node claimed it, is the node's.
    func bindBack(_ ledger: MemoryLedger, _ heartbeat: Heartbeat, _ held: HeldLease) {
        ledger.leases[held.token]!.node = heartbeat.node
        ledger.leases[held.token]!.instance = heartbeat.instance
        ledger.leases[held.token]!.slot = held.slot
        ledger.pending.remove(held.token)
        ledger.pods[held.token]?.node = heartbeat.node
        touchPod(ledger, held.token)
        markDirty(ledger)
    }

    /// One that the ledger has known has ended, and one that a cut would have met may not.
    private func mayGoOn(_ ledger: MemoryLedger, _ held: HeldLease) -> Bool {
        if ledger.isDeleted || held.token <= max(ledger.cut, ledger.token) || !(ledger.gate.isEmpty || ledger.gate == "new") { return false }
        guard let completions = ledger.completions else { return held.items == nil && ledger.inUse < max(ledger.permits, 1) }
        return held.items.map { $0.lowerBound >= 0 && $0.upperBound < completions } ?? false
    }

    /// Puts a lease that was taken back, or that the slot's record has lost, into the record.
    func recordSlot(_ instance: String, _ held: HeldLease) {
        let known = slots[instance]?[held.slot]
        if known?.token == held.token, known?.job == held.job { return }
        slots[instance, default: [:]][held.slot] = MemoryCall(sequence: known?.sequence ?? -1, job: held.job, token: held.token)
    }
}

extension MemoryLedger {
    /// Takes items that all stand free; none if one does not.
    fileprivate func takeFree(_ items: ClosedRange<Int>) -> Bool {
        let isFree = items.allSatisfy { index in
            index >= cursor || waiting[index] != nil || readyRanges.contains { $0.contains(index) }
        }
        if isFree { for index in items { takeFree(index) } }
        return isFree
    }

    /// Another of the same.
    fileprivate func copied() -> MemoryLedger {
        let copy = MemoryLedger(job, settings)
        (copy.isPerIndex, copy.replacesOnlyFailed, copy.completions, copy.limit) = (isPerIndex, replacesOnlyFailed, completions, limit)
        (copy.gate, copy.permits, copy.cursor, copy.active, copy.succeeded) = (gate, permits, cursor, active, succeeded)
        (copy.undecided, copy.ready, copy.terminating, copy.failed) = (undecided, ready, terminating, failed)
        (copy.restarts, copy.failures, copy.watermark, copy.token, copy.cut) = (restarts, failures, watermark, token, cut)
        (copy.version, copy.notBefore, copy.deadline, copy.newestSuccess) = (version, notBefore, deadline, newestSuccess)
        (copy.isDirty, copy.needsSweep, copy.isDeleted, copy.isListed) = (isDirty, needsSweep, isDeleted, isListed)
        (copy.kept, copy.lateCounted, copy.extras, copy.noted) = (kept, lateCounted, extras, noted)
        (copy.isExternal, copy.isEnded, copy.isBlind, copy.isOrphaned) = (isExternal, isEnded, isBlind, isOrphaned)
        (copy.shrunk, copy.pending, copy.lastToken, copy.lastClaim) = (shrunk, pending, lastToken, lastClaim)
        (copy.late, copy.ignores, copy.gone, copy.holds, copy.readied) = (late, ignores, gone, holds, readied)
        (copy.extraTokens, copy.moved, copy.homes, copy.done, copy.bad) = (extraTokens, moved, homes, done, bad)
        (copy.readyRanges, copy.waiting, copy.leases, copy.held) = (readyRanges, waiting, leases, held)
        (copy.pods, copy.fails, copy.placement, copy.stragglers) = (pods, fails, placement, stragglers)
        (copy.isSpread, copy.domains) = (isSpread, domains)
        (copy.share, copy.turn, copy.listedSince) = (share, turn, listedSince)
        (copy.pace, copy.isOpen, copy.slabSize, copy.slabs, copy.pushers) = (pace, isOpen, slabSize, slabs, pushers)
        (copy.results, copy.resultBase) = (results, resultBase)
        return copy
    }
}

/// What checkers see.
extension MemoryBroker {
    func views() -> [LedgerView] {
        ledgers.values.sorted { $0.uid < $1.uid }.map { ledger in
            var view = LedgerView(job: ledger.job, completions: ledger.completions)
            (view.cursor, view.ready, view.waiting) = (ledger.cursor, ledger.readyRanges, ledger.waiting.keys.sorted())
            view.leases = ledger.leases.sorted { $0.key < $1.key }.map { token, lease in
                LedgerView.Lease(token: token, items: lease.items, standing: standing(ledger, token, lease), node: lease.node)
            }
            view.held = ledger.held.keys.sorted().map { ($0, ledger.extraTokens.contains($0) ? nil : ledger.pods[$0]?.index) }
            (view.done, view.bad, view.gate, view.permits) = (ledger.done, ledger.bad, ledger.gate, ledger.permits)
            (view.active, view.terminating, view.undecided) = (ledger.active, ledger.terminating, ledger.undecided)
            (view.succeeded, view.failed, view.failedIndexes) = (ledger.succeeded, ledger.failed, ledger.bad.count)
            view.shrunk = ledger.shrunk
            (view.isDeleted, view.isOrphaned, view.hasExtras) = (ledger.isDeleted, ledger.isOrphaned, ledger.extras > 0)
            return view
        }
    }

    private func standing(_ ledger: MemoryLedger, _ token: Token, _ lease: MemoryLease) -> LedgerView.Standing {
        switch lease.state {
        case .live: token > ledger.cut ? .live : .keeping
        case .kept, .deletedKeepingItems: .keeping
        case .deleted, .released: .bare
        case .vanished: .vanished
        }
    }

    func news(among waits: [String]) -> Set<String> {
        Set(waits.filter { $0.isEmpty ? agendaHasNews : !(news[$0] ?? []).isEmpty })
    }
}
