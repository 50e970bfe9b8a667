import BatchAPI
import Broker

/// A Job's place among those with work.
struct MemoryTurn: Comparable {
    var uid: String
    var priority: Int
    var time: Int64

    static func < (left: MemoryTurn, right: MemoryTurn) -> Bool {
        (-left.priority, left.time, left.uid) < (-right.priority, right.time, right.uid)
    }
}

/// Whose turn it is among Jobs with work: Shares.
extension MemoryBroker {
    private func turn(_ ledger: MemoryLedger) -> MemoryTurn { MemoryTurn(uid: ledger.uid, priority: ledger.share.priority, time: ledger.turn) }

    /// How many other Jobs with work the caller of a claim may be given.
    func rivals(_ ledger: MemoryLedger, _ request: ClaimRequest) -> Int {
        let isPlain = request.classes == [""]
        return runnable.count { $0.uid != ledger.uid && (!isPlain || ledgers[$0.uid]?.placement == "") }
    }

    func enlist(_ ledger: MemoryLedger) {
        let priority = ledger.share.priority, last = shares[priority] ?? 0
        let next = runnable.first { $0.priority == priority && ledgers[$0.uid]?.placement == ledger.placement }
        ledger.turn = max(ledger.turn, min(last, next?.time ?? last))
        ledger.isListed = true
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

    /// The Job was granted so many items.
    func charge(_ ledger: MemoryLedger, _ items: Int, _ request: ClaimRequest) {
        if !ledger.isListed || rivals(ledger, request) == 0 { return }
        let priority = ledger.share.priority
        shares[priority] = max(shares[priority] ?? 0, ledger.turn)
        runnable.removeAll { $0.uid == ledger.uid }
        ledger.turn += max(1, Int64((Double(items) * ledger.share.stride + 0.5).rounded(.down)))
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
