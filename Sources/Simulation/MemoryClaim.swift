import BatchAPI
import Broker

/// fresh | ready | waiting and due -> leased: Claim.
extension MemoryBroker {
    public func claim(_ request: ClaimRequest) async throws(BrokerError) -> ClaimReply {
        guard isRegistered(request) else { throw BrokerError(.unknownNode, "NONODE register first") }
        return answerAgain(request) ?? claimNew(request, isAccepted: true)
    }

    func isRegistered(_ request: ClaimRequest) -> Bool { members[request.node]?.instance == request.instance }

    func claimNew(_ request: ClaimRequest, isAccepted: Bool) -> ClaimReply {
        recovering.isEmpty ? grantAny(request, isAccepted) : remember(request, nothingUntil: now + 1000, isAccepted)
    }

    /// The reply to a resend; nil if this is none. What comes late, after newer calls, gets nothing.
    func answerAgain(_ request: ClaimRequest) -> ClaimReply? {
        guard let last = slots[request.instance]?[request.slot], last.sequence >= request.sequence else { return nil }
        if last.sequence > request.sequence { return .nothing(next: nil) }
        guard let token = last.token, let ledger = ledgers[last.job], let lease = ledger.leases[token] else { return Self.nothing(last.next) }
        let pod = ledger.pods[token]
        return .granted(grant(ledger, token, lease.items, pod?.name ?? "", pod?.uid ?? "", countedFailures(ledger, lease.items)))
    }

    static func nothing(_ next: Int64) -> ClaimReply { .nothing(next: next == 0 ? nil : Timestamp(milliseconds: next)) }

    @discardableResult
    func remember(_ request: ClaimRequest, nothingUntil next: Int64, _ isAccepted: Bool) -> ClaimReply {
        slots[request.instance, default: [:]][request.slot] = MemoryCall(sequence: request.sequence, isAccepted: isAccepted, next: next)
        return Self.nothing(next)
    }

    private func grant(
        _ ledger: MemoryLedger, _ token: Token, _ items: ClosedRange<Int>?, _ name: String, _ uid: String, _ failures: Int
    ) -> Grant {
        Grant(
            job: ledger.uid, token: token, items: items, pod: name, podUID: uid, revision: ledger.job.metadata.resourceVersion, failures: failures)
    }

    func nextToken(_ ledger: MemoryLedger) -> Token {
        ledger.token = max(ledger.token, tokenFloor) + 1
        return ledger.token
    }

    /// Of the one index that a lease is for (R37); 0 for chunks.
    private func countedFailures(_ ledger: MemoryLedger, _ items: ClosedRange<Int>?) -> Int {
        guard ledger.isPerIndex, let items, items.count == 1 else { return 0 }
        return ledger.fails[items.lowerBound] ?? 0
    }

    /// Grants from one Job, or nil.
    func grant(_ ledger: MemoryLedger, _ request: ClaimRequest, _ isAccepted: Bool) -> ClaimReply? {
        guard ledger.startable(now) > 0, let items = ledger.take(max(request.items, 1), now) else { return nil }
        let token = nextToken(ledger)
        ledger.active += 1
        var name = ""
        let failures = countedFailures(ledger, items)
        if !request.podUID.isEmpty {
            name = podName(ledger, token, items?.lowerBound)
            makePod(ledger, token, name, items?.lowerBound, request.node, request.podUID, failures)
        }
        markDirty(ledger)
        ledger.leases[token] = MemoryLease(node: request.node, instance: request.instance, slot: request.slot, items: items, pod: name)
        slots[request.instance, default: [:]][request.slot] = MemoryCall(
            sequence: request.sequence, job: ledger.uid, token: token, isAccepted: isAccepted)
        return .granted(grant(ledger, token, items, name, request.podUID, failures))
    }

    /// Tries the Jobs with work, oldest first.
    func grantAny(_ request: ClaimRequest, _ isAccepted: Bool) -> ClaimReply {
        var soonest: Int64 = 0
        var candidate = request.job ?? runnable.first?.uid
        for _ in 0..<32 {
            guard let uid = candidate else { break }
            if let ledger = ledgers[uid], let reply = grant(ledger, request, isAccepted) { return reply }
            runnable.removeAll { $0.uid == uid }
            ledgers[uid]?.isListed = false
            let next = ledgers[uid]?.nextStart(now) ?? 0
            if next > 0, soonest == 0 || next < soonest { soonest = next }
            candidate = request.job == nil ? runnable.first?.uid : nil
        }
        if candidate == nil { idle.insert(request.node) } else { tell(request.node, .work) }
        return remember(request, nothingUntil: soonest, isAccepted)
    }
}

/// Pods.
extension MemoryBroker {
    /// `<job>-<index>-` and five characters.
    func podName(_ ledger: MemoryLedger, _ token: Token, _ index: Int?) -> String {
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        var number = ((token % 14_348_907) * 6_700_417 + 4021) % 14_348_907
        var suffix = ""
        for _ in 0..<5 {
            suffix.append(alphabet[Int(number % 27)])
            number /= 27
        }
        return ledger.job.metadata.name + "-" + (ledger.job.spec.isIndexed ? "\(index ?? -1)-" : "") + suffix
    }

    func makePod(_ ledger: MemoryLedger, _ token: Token, _ name: String, _ index: Int?, _ node: String, _ uid: String, _ failures: Int) {
        var pod = PodRecord(token: token, name: name, created: clock())
        (pod.uid, pod.index, pod.node, pod.failures, pod.resourceVersion) = (uid, index, node, failures, nextVersion())
        ledger.pods[token] = pod
    }

    func removePod(_ ledger: MemoryLedger, _ token: Token) {
        if ledger.pods.removeValue(forKey: token) == nil { return }
        ended.removeAll { $0.job == ledger.uid && $0.token == token }
        _ = nextVersion()
    }

    /// At most 12,500 finished pods stay over all Jobs; the oldest succeeded go first.
    func retainPod(_ ledger: MemoryLedger, _ token: Token, isSuccess: Bool, _ time: Int64) {
        ended.append(MemoryEnding(isSuccess: isSuccess, time: time, job: ledger.uid, token: token))
        if ended.count <= 12_500 { return }
        let pool = ended.contains { $0.isSuccess }
        for oldest in ended.filter({ $0.isSuccess == pool }).sorted(by: { $0.time < $1.time }).prefix(2) {
            if let owner = ledgers[oldest.job] { removePod(owner, oldest.token) }
        }
    }
}
