import BatchAPI
import Broker

/// A Job's place among those with work.
struct MemoryTurn: Comparable {
    var uid: String
    var priority: Int
    var time: Int64
    var since: Int64

    static func < (left: MemoryTurn, right: MemoryTurn) -> Bool {
        (-left.priority, left.time, left.since, left.uid) < (-right.priority, right.time, right.since, right.uid)
    }
}

/// Whose turn it is among Jobs with work: Shares.
extension MemoryBroker {
    private func turn(_ ledger: MemoryLedger) -> MemoryTurn {
        MemoryTurn(uid: ledger.uid, priority: ledger.share.priority, time: ledger.turn, since: ledger.listedSince)
    }

    /// How many other Jobs with work the caller of a claim may be given.
    func rivals(_ ledger: MemoryLedger, _ request: ClaimRequest) -> Int {
        let isPlain = request.classes == [""]
        return runnable.count { $0.uid != ledger.uid && (!isPlain || ledgers[$0.uid]?.placement == "") }
    }

    func enlist(_ ledger: MemoryLedger) {
        let priority = ledger.share.priority, last = shares[priority] ?? 0
        let next = runnable.first { $0.priority == priority && ledgers[$0.uid]?.placement == ledger.placement }
        let start = min(last, next?.time ?? last)
        (ledger.turn, ledger.listedSince, ledger.isListed) = (max(ledger.turn, start - start % 2), now, true)
        insert(ledger)
    }

    private func insert(_ ledger: MemoryLedger) {
        let turn = turn(ledger)
        runnable.insert(turn, at: runnable.firstIndex { turn < $0 } ?? runnable.count)
    }

    func unlist(_ ledger: MemoryLedger) {
        runnable.removeAll { $0.uid == ledger.uid }
        ledger.isListed = false
    }

    /// A Job that has nothing to start leaves its list; one that is alone and to which items may yet come keeps its place.
    /// - Returns: whether it left.
    func stepAside(_ ledger: MemoryLedger) -> Bool {
        if ledger.isOpen, !ledger.isEnded, ledger.isListed, runnable.count == 1 { return false }
        unlist(ledger)
        return true
    }

    /// The Job was granted so many items. Who has had nothing yet has an even time.
    func charge(_ ledger: MemoryLedger, _ items: Int, _ request: ClaimRequest) {
        let isAlone = rivals(ledger, request) == 0, priority = ledger.share.priority
        if !ledger.isListed || isAlone && ledger.turn % 2 == 1 { return }
        runnable.removeAll { $0.uid == ledger.uid }
        if !isAlone {
            shares[priority] = max(shares[priority] ?? 0, ledger.turn)
            ledger.turn += max(1, Int64((Double(items) * ledger.share.stride + 0.5).rounded(.down)))
        }
        ledger.turn += 1 - ledger.turn % 2
        insert(ledger)
    }

    /// An edit has changed what the Job asks for of a node, its weight or its priority. The leader's next decision lists it anew.
    func changeTurn(_ ledger: MemoryLedger, _ placement: String, _ share: JobShare) {
        let moves = placement != ledger.placement
        if ledger.isListed, moves || share.priority != ledger.share.priority { unlist(ledger) }
        // Each priority has a virtual time of its own.
        if share.priority != ledger.share.priority { ledger.turn = 0 }
        (ledger.share, ledger.placement) = (share, placement)
        if moves { use(placement) }
    }
}
