import BatchAPI
import Broker

/// Nodes: registration, heartbeat, loss.
extension MemoryBroker {
    public func register(_ node: NodeRegistration) async throws(BrokerError) {
        let texts = node.name + node.instance
        if node.name.isEmpty || node.instance.isEmpty || texts.contains(where: { $0 == "|" || $0.isWhitespace }) {
            throw BrokerError(.unusable, "UNUSABLE the name or instance of a node is empty or has a space or a | in it")
        }
        let old = members[node.name]
        if let old, old.machine != node.machine { throw BrokerError(.nameTaken, "NAMETAKEN the name is in use on machine \(old.machine)") }
        if let old, old.instance != node.instance || old.isLost {
            if endLeases(old.instance, .failed) == 500 { throw BrokerError(.busy, "AGAIN more leases to end") }
            forget(node.name, old.instance)
        }
        members[node.name] = MemoryNode(
            instance: node.instance, machine: node.machine, lease: node.lease, slots: node.slots, labels: node.labels, facts: node.facts,
            offer: node.offer, registered: members[node.name]?.registered ?? clock(), renewal: (members[node.name]?.renewal ?? 0) + 1)
        spreadAnew()
        _ = nextVersion()
    }

    public func nodes() async throws(BrokerError) -> [NodeRecord] {
        members.sorted { $0.key < $1.key }.map { name, node in
            var record = NodeRecord(
                name: name, instance: node.instance, renewal: node.renewal, lease: node.lease, slots: node.slots, labels: node.labels,
                facts: node.facts, registered: node.registered)
            (record.offer, record.free, record.written) = (node.offer, node.free, kept[["nodes", "", name]]?.value)
            return record
        }
    }

    public func deregister(name: String, instance: String, lost: Bool) async throws(BrokerError) {
        while expire(name, instance, nil, lost ? .failed : .released) > 0 {}
    }

    public func expire(node: String, instance: String, renewal: Int64, epoch: Int64) async throws(BrokerError) -> Int {
        guard epoch == leader.epoch else { throw BrokerError(.stale, "STALE another leads") }
        return expire(node, instance, renewal, .failed)
    }

    private func expire(_ node: String, _ instance: String, _ renewal: Int64?, _ result: Report.Result) -> Int {
        guard let member = members[node], member.instance == instance else { return 0 }
        if let renewal, !member.isLost, member.renewal != renewal { return 0 }
        members[node]!.isLost = true
        let count = endLeases(instance, result)
        if count == 0 { forget(node, instance) }
        return count
    }

    /// Ends up to 500 leases of an instance.
    private func endLeases(_ instance: String, _ result: Report.Result) -> Int {
        var count = 0
        for (slot, call) in (slots[instance] ?? [:]).sorted(by: { $0.key < $1.key }) {
            if call.token != nil {
                if count == 500 { return count }
                count += 1
                if result == .failed { self.count(.expired) }
                endLease(instance, call, result)
            }
            slots[instance]?[slot] = nil
        }
        return count
    }

    /// Chunks are given back; processes fail, or are given back too.
    func endLease(_ instance: String, _ call: MemoryCall, _ result: Report.Result) {
        guard let known = call.token else { return }
        let (place, token) = present(call.job, known)
        ledgers[call.job]?.moved[known] = nil
        guard let ledger = place, let lease = ledger.leases[token] else { return }
        _ = settle(ledger, token, MemoryOutcome(lost: instance, lease.pod.isEmpty ? .released : result))
        offer(ledger)
    }

    private func forget(_ name: String, _ instance: String) {
        slots[instance] = nil
        guard members[name]?.instance == instance else { return }
        (members[name], news[name]) = (nil, nil)
        for placement in idle.keys { idle[placement]?.remove(name) }
        present(name)
        spreadAnew()
        _ = nextVersion()
    }

    public func renew(_ heartbeat: Heartbeat) async throws(BrokerError) -> HeartbeatReply {
        guard isMember(heartbeat.node, heartbeat.instance) else { throw BrokerError(.unknownNode, "NONODE registered no more") }
        let isRecovering = present(heartbeat.node)
        members[heartbeat.node]!.renewal += 1
        members[heartbeat.node]!.free = heartbeat.free
        let unheard = releaseUnnamed(heartbeat)
        return HeartbeatReply(revoked: unheard + heartbeat.held.compactMap { check(heartbeat, $0, isRecovering) })
    }

    /// Notes that a node has presented what it runs, or is gone. Whether it was asked to. After the last one all may claim again.
    @discardableResult
    private func present(_ node: String) -> Bool {
        guard recovering.remove(node) != nil else { return false }
        if recovering.isEmpty { for node in members.keys.sorted() { tell(node, .work) } }
        return true
    }

    /// Leases that the node does not name although it has the answer that brought them are released.
    /// - Returns: the slots that have not heard of theirs: those are to ask.
    private func releaseUnnamed(_ heartbeat: Heartbeat) -> [NodeNews] {
        var unheard: [NodeNews] = []
        for (slot, call) in (slots[heartbeat.instance] ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard call.token != nil, let answered = heartbeat.answered[slot] else { continue }
            if answered < call.sequence {
                unheard.append(.ask(slot: slot))
                continue
            }
            if heartbeat.held.contains(where: { $0.job == call.job && $0.token == call.token }) { continue }
            endLease(heartbeat.instance, call, .released)
            slots[heartbeat.instance]?[slot] = MemoryCall(sequence: call.sequence, isAccepted: call.isAccepted)
        }
        return unheard
    }

    /// The news for an attempt that the node may not keep on with.
    private func check(_ heartbeat: Heartbeat, _ held: HeldLease, _ isRecovering: Bool) -> NodeNews? {
        let (ledger, token) = present(held.job, held.token)
        var lease = ledger?.leases[token]
        if let ledger, lease == nil, isRecovering, takeBack(ledger, heartbeat, held) { lease = ledger.leases[token] }
        if let ledger, let known = lease, isRecovering, known.instance.isEmpty, !ledger.isExternal, ledger.isLive(token, known) {
            bindBack(ledger, heartbeat, held)
            lease = ledger.leases[token]
        }
        let isOwn = lease?.instance == heartbeat.instance
        if isOwn, isRecovering { recordSlot(heartbeat.instance, held) }
        if let ledger, let lease, isOwn, ledger.isLive(token, lease) { return nil }
        return .stop(job: held.job, token: held.token, grace: isOwn ? nil : 0)
    }
}
