import BatchAPI
import Broker

/// fresh | ready | waiting and due -> leased: Claim.
extension MemoryBroker {
    public func claim(_ request: ClaimRequest) async throws(BrokerError) -> ClaimReply {
        guard isRegistered(request) else { throw BrokerError(.unknownNode, "NONODE register first") }
        if let again = answerAgain(request) { return again }
        releaseOld(request, nil)
        return claimNew(request, isAccepted: true)
    }

    /// A slot has one lease. One that its last call brought, and that this one is not about, is not run any more.
    func releaseOld(_ request: ClaimRequest, _ about: Report?) {
        guard let last = slots[request.instance]?[request.slot], let token = last.token, !(last.job == about?.job && token == about?.token) else { return }
        endLease(request.instance, last, .released)
    }

    func isRegistered(_ request: ClaimRequest) -> Bool { isMember(request.node, request.instance) }

    /// Whether it is registered, and not being given up.
    func isMember(_ node: String, _ instance: String) -> Bool { members[node].map { $0.instance == instance && !$0.isLost } ?? false }

    func claimNew(_ request: ClaimRequest, isAccepted: Bool) -> ClaimReply {
        if members[request.node]?.isCordoned == true { return remember(request, nothingUntil: 0, isAccepted) }
        return recovering.isEmpty ? grantAny(request, isAccepted) : remember(request, nothingUntil: now + 1000, isAccepted)
    }

    /// The reply to a resend; nil if this is none. What comes late, after newer calls, gets nothing.
    func answerAgain(_ request: ClaimRequest) -> ClaimReply? {
        guard let last = slots[request.instance]?[request.slot], last.sequence >= request.sequence else { return nil }
        if last.sequence > request.sequence { return .nothing(next: nil) }
        guard let token = last.token, let ledger = ledgers[last.job], let lease = ledger.leases[token], ledger.isLive(token, lease) else {
            return Self.nothing(last.next)
        }
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
            job: ledger.uid, token: token, items: items, pod: name, podUID: uid, revision: ledger.job.metadata.resourceVersion, failures: failures,
            payloads: ledger.payloads(items))
    }

    /// No attempt of the Job has a greater one, also none that was taken back.
    func newestToken(_ ledger: MemoryLedger) -> Token { max(ledger.token, tokenFloor) }

    func nextToken(_ ledger: MemoryLedger) -> Token {
        ledger.token = newestToken(ledger) + 1
        return ledger.token
    }

    /// Of the one index that a lease is for (R37); 0 for chunks.
    private func countedFailures(_ ledger: MemoryLedger, _ items: ClosedRange<Int>?) -> Int {
        guard ledger.isPerIndex, let items, items.count == 1 else { return 0 }
        return ledger.fails[items.lowerBound] ?? 0
    }

    /// How many items a lease is for: of a Job whose items run in chunks as many as its pace says, and no more than half of an equal share of
    /// what is left.
    private func leaseSize(_ ledger: MemoryLedger, _ request: ClaimRequest) -> Int {
        let most = max(request.items, 1)
        guard ledger.runsInChunks, let completions = ledger.completions else { return request.podUID.isEmpty ? most : 1 }
        let left = completions - ledger.succeeded - ledger.bad.count, workers = 2 * (ledger.active + 1)
        return max(1, min(ledger.extras > 0 ? min(most, 500) : most, ledger.pace, (left + workers - 1) / workers))
    }

    /// Grants from one Job, or nil. Of a spread Job each attempt changes who may start the next.
    func grant(_ ledger: MemoryLedger, _ request: ClaimRequest, _ isAccepted: Bool) -> ClaimReply? {
        guard maySpread(ledger, request.node) else { return nil }
        guard let reply = grantItems(ledger, request, isAccepted) else { return nil }
        if case .granted(let grant) = reply { charge(ledger, request.podUID.isEmpty ? grant.items?.count ?? 1 : 1, request) }
        if ledger.isSpread { offer(ledger) }
        return reply
    }

    private func grantItems(_ ledger: MemoryLedger, _ request: ClaimRequest, _ isAccepted: Bool) -> ClaimReply? {
        if let reply = adoptPending(ledger, request, isAccepted) { return reply }
        guard !ledger.isExternal, ledger.startable(now) > 0, let items = ledger.take(leaseSize(ledger, request), now) else { return nil }
        if !request.podUID.isEmpty, !ledger.runsInChunks { return begin(ledger, items?.lowerBound, request, isAccepted) }
        let token = nextToken(ledger)
        ledger.active += 1
        markDirty(ledger)
        lease(ledger, token, items, "", request, isAccepted)
        return .granted(grant(ledger, token, items, "", "", countedFailures(ledger, items)))
    }

    private func lease(
        _ ledger: MemoryLedger, _ token: Token, _ items: ClosedRange<Int>?, _ pod: String, _ request: ClaimRequest, _ isAccepted: Bool
    ) {
        count(.claims)
        ledger.leases[token] = MemoryLease(node: request.node, instance: request.instance, slot: request.slot, items: items, pod: pod)
        slots[request.instance, default: [:]][request.slot] = MemoryCall(
            sequence: request.sequence, job: ledger.uid, token: token, isAccepted: isAccepted)
    }

    private func begin(_ ledger: MemoryLedger, _ index: Int?, _ request: ClaimRequest, _ isAccepted: Bool) -> ClaimReply {
        let items = index.map { $0...$0 }
        let failures = countedFailures(ledger, items)
        let (token, name) = start(ledger, index, request.node, request.podUID)
        lease(ledger, token, items, name, request, isAccepted)
        return .granted(grant(ledger, token, items, name, request.podUID, failures))
    }

    /// Makes the pod of a new attempt at an item.
    func start(_ ledger: MemoryLedger, _ index: Int?, _ node: String, _ uid: String) -> (Token, String) {
        let token = nextToken(ledger), items = index.map { $0...$0 }
        let name = podName(ledger, token, index), failures = countedFailures(ledger, items)
        ledger.active += 1
        makePod(ledger, token, name, index, node, uid, failures)
        countPod(ledger)
        if ledger.isPerIndex, let index { ledger.pods[token]!.ignores = ledger.ignores[index] ?? 0 }
        if let index, let late = ledger.late.removeValue(forKey: index) {
            ledger.lateCounted -= late.counted
            untrack(ledger, late.token)
        }
        notePod(ledger, "SuccessfulCreate", "Created pod: \(name)")
        markDirty(ledger)
        return (token, name)
    }

    /// Whether pods that stand Pending may still start (I4).
    private func mayAdopt(_ ledger: MemoryLedger) -> Bool {
        if ledger.isOrphaned { return true }
        if ledger.deadline > 0, now >= ledger.deadline { return false }
        return ledger.gate.isEmpty || ledger.gate == "WorkQueueDraining"
    }

    /// Gives a pod that stands Pending to the worker that asks. Its uid stays.
    private func adoptPending(_ ledger: MemoryLedger, _ request: ClaimRequest, _ isAccepted: Bool) -> ClaimReply? {
        if request.podUID.isEmpty || !mayAdopt(ledger) { return nil }
        while let token = ledger.pending.min() {
            ledger.pending.remove(token)
            guard let known = ledger.leases[token], known.instance.isEmpty, ledger.isLive(token, known), ledger.pods[token] != nil else { continue }
            ledger.lastToken = 0
            lease(ledger, token, known.items, known.pod, request, isAccepted)
            ledger.pods[token]!.node = request.node
            touchPod(ledger, token)
            let pod = ledger.pods[token]!
            return .granted(grant(ledger, token, known.items, known.pod, pod.uid, pod.failures))
        }
        return nil
    }

    public func place(uid: String, epoch: Int64, limit: Int) async throws(BrokerError) -> Int {
        guard epoch == leader.epoch else { throw BrokerError(.stale, "STALE another leads") }
        guard let ledger = ledgers[uid], recovering.isEmpty, !ledger.runsInChunks else { return 0 }
        var count = 0
        for _ in 0..<min(limit, 500) {
            guard ledger.startable(now) > 0, count > 0 || isLeftAlone(ledger), let items = ledger.take(1, now) else { break }
            let (token, name) = start(ledger, items?.lowerBound, "", podUID(ledger))
            ledger.leases[token] = MemoryLease(node: "", instance: "", slot: 0, items: items, pod: name)
            if !ledger.isExternal { ledger.pending.insert(token) }
            count += 1
        }
        if count > 0 {
            ledger.lastToken = ledger.token
            offer(ledger)
        }
        return count
    }

    /// Whether nobody has claimed anything of the Job for a second; if not, the leader comes again then.
    private func isLeftAlone(_ ledger: MemoryLedger) -> Bool {
        if ledger.isExternal { return true }
        if ledger.lastToken != ledger.token { (ledger.lastToken, ledger.lastClaim) = (ledger.token, now) }
        let due = ledger.lastClaim + 1000
        if due > now { remind(ledger.uid, due) }
        return due <= now
    }

    /// The Job with work of the node's classes whose turn it is; the list of a class waits where its first one must keep spread.
    private func firstRunnable(_ request: ClaimRequest) -> String? {
        let heads = request.classes.compactMap { name in runnable.firstIndex { (ledgers[$0.uid]?.placement ?? name) == name } }
        return heads.sorted().map { runnable[$0].uid }.first { uid in ledgers[uid].map { maySpread($0, request.node) } ?? true }
    }

    /// Whether the node takes Jobs of this one's class.
    func mayTake(_ uid: String, _ request: ClaimRequest) -> Bool { ledgers[uid].map { request.classes.contains($0.placement) } ?? true }

    /// Tries the Jobs with work, in turn.
    func grantAny(_ request: ClaimRequest, _ isAccepted: Bool) -> ClaimReply {
        var soonest: Int64 = 0
        var candidate = request.job ?? firstRunnable(request)
        for _ in 0..<32 {
            guard let uid = candidate, mayTake(uid, request), ledgers[uid].map({ maySpread($0, request.node) }) ?? true else { break }
            if let ledger = ledgers[uid], let reply = grant(ledger, request, isAccepted) { return reply }
            let hasLeft = ledgers[uid].map(stepAside) ?? true
            if ledgers[uid] == nil { runnable.removeAll { $0.uid == uid } }
            let next = ledgers[uid]?.nextStart(now) ?? 0
            if next > 0, soonest == 0 || next < soonest { soonest = next }
            candidate = request.job == nil && hasLeft ? firstRunnable(request) : nil
        }
        if candidate != nil, request.job == nil {
            tell(request.node, .work)
        } else {
            waitForWork(request)
        }
        return remember(request, nothingUntil: soonest, isAccepted)
    }
}

/// Pods.
extension MemoryBroker {
    /// A uid of a pod's own, made from its Job's and the token before its own.
    private func podUID(_ ledger: MemoryLedger) -> String {
        let hex = String(Checksum("\(ledger.uid)/\(ledger.token)".utf8).value | 1 << 63, radix: 16)
        return "\(hex.prefix(8))-\(hex.dropFirst(8).prefix(4))-\(hex.suffix(4))-8000-\(String(ledger.token & 0xffff_ffff | 1 << 47, radix: 16))"
    }

    /// P11: `<job>-<index>-`, the Job's part cut so that the prefix has at most 58 characters, and five characters.
    func podName(_ ledger: MemoryLedger, _ token: Token, _ index: Int?) -> String {
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        var number = ((token % 14_348_907) * 6_700_417 + salt(ledger)) % 14_348_907
        var suffix = ""
        for _ in 0..<5 {
            suffix.append(alphabet[Int(number % 27)])
            number /= 27
        }
        let tail = ledger.job.spec.isIndexed ? "\(index ?? -1)-" : ""
        return ledger.job.metadata.name.prefix(57 - tail.count) + "-" + tail + suffix
    }

    /// A namesake's names come in another order.
    private func salt(_ ledger: MemoryLedger) -> Int64 { ledger.uid.utf8.reduce(4021) { ($0 * 31 + Int64($1)) % 14_348_907 } }

    func makePod(_ ledger: MemoryLedger, _ token: Token, _ name: String, _ index: Int?, _ node: String, _ uid: String, _ failures: Int) {
        var pod = PodRecord(token: token, name: name, created: clock())
        (pod.uid, pod.index, pod.node, pod.failures, pod.resourceVersion) = (uid, index, node, failures, nextVersion())
        ledger.pods[token] = pod
    }

    func removePod(_ ledger: MemoryLedger, _ token: Token) {
        if ledger.pods.removeValue(forKey: token) == nil { return }
        ended.removeAll { $0.job == ledger.uid && $0.token == token }
        strays[ledger.job.metadata.namespace]?.remove(MemoryStray(job: ledger.uid, token: token))
        ledger.gone.remove(token)
        ledger.holds.remove(token)
        _ = nextVersion()
    }

    func touchPod(_ ledger: MemoryLedger, _ token: Token) { ledger.pods[token]?.resourceVersion = nextVersion() }

    /// Removes a pod that has been deleted and is over, unless its outcome awaits counting or a client's finalizer holds it.
    @discardableResult
    func letGo(_ ledger: MemoryLedger, _ token: Token) -> Bool {
        guard ledger.gone.contains(token), ledger.pods[token]?.isCounted == true, !ledger.holds.contains(token) else { return false }
        removePod(ledger, token)
        return true
    }

    /// The outcome of a pod is counted, or never will be: its tracking finalizer goes (P15).
    func untrack(_ ledger: MemoryLedger, _ token: Token) {
        guard let pod = ledger.pods[token] else { return }
        if !pod.isCounted {
            ledger.pods[token]!.isCounted = true
            touchPod(ledger, token)
        }
        if letGo(ledger, token) || !pod.isTerminal { return }
        retainPod(ledger, token, isSuccess: pod.phase == "Succeeded", pod.finished?.milliseconds ?? now)
    }

    /// At most 12,500 finished pods stay over all Jobs; the oldest succeeded go first.
    func retainPod(_ ledger: MemoryLedger, _ token: Token, isSuccess: Bool, _ time: Int64) {
        ended.removeAll { $0.job == ledger.uid && $0.token == token }
        ended.append(MemoryEnding(isSuccess: isSuccess, time: time, job: ledger.uid, token: token))
        if ended.count <= 12_500 { return }
        let pool = ended.contains { $0.isSuccess }
        for oldest in ended.filter({ $0.isSuccess == pool }).sorted(by: { $0.time < $1.time }).prefix(2) {
            if let owner = ledgers[oldest.job] { removePod(owner, oldest.token) }
        }
    }
}
