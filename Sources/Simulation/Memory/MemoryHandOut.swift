import BatchAPI
import Broker

/// Leases for slots that wait, sent with the news: HandOut.
extension MemoryBroker {
    /// As the store names a slot that takes what is handed out.
    private static func taker(_ request: ClaimRequest) -> String { "\(request.node)|\(request.instance)|\(request.slot)|\(request.items)" }

    /// Nothing is there for the node: it is told when there is, or its slot is handed it.
    func waitForWork(_ request: ClaimRequest) {
        for placement in request.classes {
            idle[placement, default: []].insert(request.node)
            if request.takesHandouts { takers[placement, default: [:]][Self.taker(request)] = request }
        }
    }

    /// A claim in the name of a slot that still waits; nil if there is none.
    private func nextTaker(_ placement: String) -> ClaimRequest? {
        for _ in 0..<16 {
            guard let (name, taker) = takers[placement]?.min(by: { ($0.value.sequence, $0.key) < ($1.value.sequence, $1.key) }) else { return nil }
            takers[placement]![name] = nil
            var request = taker
            (request.sequence, request.podUID, request.job, request.classes) = (taker.sequence + 1, "", nil, [placement])
            let last = slots[request.instance]?[request.slot], isCordoned = members[request.node]?.isCordoned == true
            if isRegistered(request), !isCordoned, let last, last.token == nil, last.sequence == taker.sequence { return request }
        }
        return nil
    }

    /// Hands out a chunk of the Job, if it is the only one with work.
    func handOut(_ ledger: MemoryLedger) {
        let hasRival = runnable.contains { $0.uid != ledger.uid }
        guard ledger.runsInChunks, !ledger.isExternal, !hasRival, recovering.isEmpty, ledger.startable(now) > 0 else { return }
        guard let request = nextTaker(ledger.placement), case .granted(let lease)? = grant(ledger, request, true) else { return }
        tell(request.node, .granted(slot: request.slot, sequence: request.sequence, lease))
    }
}
