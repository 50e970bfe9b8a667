import BatchAPI
import Broker

/// What clients, and agents outside, write of pods: Pods.
extension MemoryBroker {
    public func pods(uid: String) async throws(BrokerError) -> [PodRecord] {
        (ledgers[uid]?.pods ?? [:]).values.sorted { $0.token < $1.token }
    }

    public func pod(namespace: String, name: String) async throws(BrokerError) -> (job: Job, pod: PodRecord)? {
        for ledger in ledgers.values.sorted(by: { $0.uid < $1.uid }) where ledger.job.metadata.namespace == namespace {
            if let pod = ledger.pods.values.first(where: { $0.name == name }) { return (ledger.job, pod) }
        }
        return nil
    }

    public func hiddenJobs() async throws(BrokerError) -> [Job] {
        ledgers.values.filter(\.isDeleted).map(\.job).sorted { $0.metadata.uid < $1.metadata.uid }
    }

    public func createPod(_ holder: Job, metadata: Value, isTracked: Bool) async throws(BrokerError) -> String {
        let address = holder.metadata
        if let known = try await pod(namespace: address.namespace, name: address.name) {
            guard known.pod.uid == address.uid else { throw BrokerError(.alreadyExists, "EXISTS the name is taken") }
            return known.pod.resourceVersion
        }
        let ledger = MemoryLedger(holder, LedgerSettings())
        (ledger.completions, ledger.cursor, ledger.active) = (1, 1, 1)
        (ledger.isOrphaned, ledger.isBlind, ledger.isDeleted, ledger.gate) = (true, true, true, "Solo")
        use(ledger.placement)
        ledgers[ledger.uid] = ledger
        let token = nextToken(ledger)
        makePod(ledger, token, address.name, nil, "", address.uid, 0)
        (ledger.pods[token]!.isCounted, ledger.pods[token]!.isDisowned, ledger.pods[token]!.metadata) = (!isTracked, true, metadata)
        strays[address.namespace, default: []].insert(MemoryStray(job: ledger.uid, token: token))
        ledger.leases[token] = MemoryLease(node: "", instance: "", slot: 0, items: nil, pod: address.name)
        if !ledger.isExternal {
            ledger.pending.insert(token)
            // Once nobody has taken it for a second it shows why.
            remind(ledger.uid, now + 1000)
        }
        offerStray(address.namespace)
        offer(ledger)
        return ledger.pods[token]!.resourceVersion
    }

    public func write(_ write: PodWrite) async throws(BrokerError) -> String {
        guard let ledger = ledgers[write.job], let before = ledger.pods[write.token] else { throw BrokerError(.notFound, "GONE no such pod") }
        if let version = write.version, version != before.resourceVersion { throw BrokerError(.conflict, "CONFLICT the pod was modified") }
        if write.leaves { release(ledger, write.token) }
        apply(write, ledger)
        touchPod(ledger, write.token)
        if let index = write.index { reindex(ledger, write.token, index < 0 ? nil : index) }
        if ledger.isPerIndex, let index = ledger.pods[write.token]?.index {
            if let count = write.failures { ledger.fails[index] = count }
            if let count = write.ignores { ledger.ignores[index] = count }
        }
        let after = ledger.pods[write.token]!
        if after.isDisowned { offerStray(ledger.job.metadata.namespace) }
        if let lease = ledger.leases[write.token] {
            if ledger.isLive(write.token, lease) { follow(ledger, before, after) }
            if after.isTerminal {
                let ago = max(0, now - (after.finished?.milliseconds ?? now))
                let result: Report.Result = after.phase == "Succeeded" ? .succeeded : .failed
                _ = settle(ledger, write.token, MemoryOutcome(written: result, instance: lease.instance, finishedAgo: Int(ago)))
            }
        }
        if letGo(ledger, write.token), ledger.isBlind { remind(ledger.uid, 0) }
        offer(ledger)
        return ledger.pods[write.token]?.resourceVersion ?? after.resourceVersion
    }

    private func apply(_ write: PodWrite, _ ledger: MemoryLedger) {
        var pod = ledger.pods[write.token]!
        (pod.node, pod.phase, pod.isRunning) = (write.node ?? pod.node, write.phase ?? pod.phase, write.isReady ?? pod.isRunning)
        (pod.restarts, pod.started, pod.finished) = (write.restarts ?? pod.restarts, write.started ?? pod.started, write.finished ?? pod.finished)
        (pod.exitCode, pod.disruption) = (write.exitCode ?? pod.exitCode, write.disruption ?? pod.disruption)
        (pod.metadata, pod.status, pod.spec) = (write.metadata ?? pod.metadata, write.status ?? pod.status, write.spec ?? pod.spec)
        if let index = write.index { pod.index = index < 0 ? nil : index }
        (pod.failures, pod.ignores) = (write.failures ?? pod.failures, write.ignores ?? pod.ignores)
        if write.untracks { pod.isCounted = true }
        ledger.pods[write.token] = pod
        if let readied = write.readied { ledger.readied[write.token] = readied.milliseconds }
        if let holds = write.holdsFinalizers {
            if holds { ledger.holds.insert(write.token) } else { ledger.holds.remove(write.token) }
        }
    }

    /// A client has given the pod another index, or none.
    private func reindex(_ ledger: MemoryLedger, _ token: Token, _ index: Int?) {
        guard let lease = ledger.leases[token] else { return }
        let isHeld = lease.state == .deleted && ledger.held[token] != nil
        guard isHeld || lease.state == .kept || ledger.isLive(token, lease) else { return }
        ledger.makeReady(lease.items)
        ledger.leases[token]!.items = ledger.takeIndex(token, index)
        ledger.version += 1
    }

    /// It is its Job's no more (R3): it counts nowhere, its items are free for others.
    private func release(_ ledger: MemoryLedger, _ token: Token) {
        guard let pod = ledger.pods[token], !pod.isDisowned else { return }
        (ledger.pods[token]!.isDisowned, ledger.pods[token]!.isCounted) = (true, true)
        strays[ledger.job.metadata.namespace, default: []].insert(MemoryStray(job: ledger.uid, token: token))
        ledger.version += 1
        offerStray(ledger.job.metadata.namespace)
        guard let lease = ledger.leases[token] else {
            guard ledger.held.removeValue(forKey: token) != nil else { return }
            ledger.undecided -= 1
            return ledger.makeReady(pod.index.map { $0...$0 })
        }
        if ledger.isLive(token, lease) {
            leave(ledger, token)
            ledger.makeReady(lease.items)
        } else {
            ledger.terminating -= 1
            if lease.state == .kept { ledger.kept -= 1 }
            if lease.state != .deleted { ledger.makeReady(lease.items) }
        }
        ledger.leases[token]!.state = .released
    }

    /// An agent's report about a live attempt: readiness and restarts (R4, R32).
    private func follow(_ ledger: MemoryLedger, _ before: PodRecord, _ after: PodRecord) {
        ledger.ready += (after.isRunning ? 1 : 0) - (before.isRunning ? 1 : 0)
        ledger.restarts += after.restarts - before.restarts
        if ledger.restarts > 0, ledger.restarts >= ledger.limit { lookSoon(ledger) }
        markDirty(ledger)
    }
}

/// Deletion of pods.
extension MemoryBroker {
    public func delete(_ deletion: PodDeletion) async throws(BrokerError) -> Bool {
        let token = deletion.token
        guard let ledger = ledgers[deletion.job], let pod = ledger.pods[token] else { throw BrokerError(.notFound, "GONE no such pod") }
        if let version = deletion.version, version != pod.resourceVersion { throw BrokerError(.conflict, "CONFLICT the pod was modified") }
        let grace = pod.isTerminal || pod.node.isEmpty ? 0 : deletion.grace
        if let lease = ledger.leases[token], ledger.isLive(token, lease) {
            deleteLive(ledger, token, deletion.finished?.milliseconds ?? now)
            markDirty(ledger)
        }
        if pod.deletion == nil || grace < pod.grace ?? 30 {
            (ledger.pods[token]!.deletion, ledger.pods[token]!.grace) = (clock(), grace)
            touchPod(ledger, token)
            if let lease = ledger.leases[token], !lease.instance.isEmpty { stop(ledger, token, lease, grace) }
        }
        if grace == 0 { vanish(ledger, token) }
        if ledger.leases[token]?.state == .kept, pod.node.isEmpty { remind(ledger.uid, now + 20_000) }
        let isGone = letGo(ledger, token)
        if isGone, ledger.isBlind { remind(ledger.uid, 0) }
        offer(ledger)
        return isGone
    }

    /// Tells whoever runs an attempt to end it, by the name that its worker knows.
    func stop(_ ledger: MemoryLedger, _ token: Token, _ lease: MemoryLease, _ grace: Int?) {
        let known = ledger.homes[token] ?? MemoryStray(job: ledger.uid, token: token)
        tell(lease.node, .stop(job: known.job, token: known.token, grace: grace))
    }

    /// Takes a live attempt out of the running. It counts as failed now, or when it has ended (R30, R46).
    private func deleteLive(_ ledger: MemoryLedger, _ token: Token, _ finished: Int64) {
        leave(ledger, token)
        ledger.terminating += 1
        ledger.leases[token]!.state = .deleted
        if ledger.isBlind {
            ledger.leases[token]!.state = .deletedKeepingItems
            ledger.version += 1
            return
        }
        // Before the sweep that would have done it (R21).
        if ledger.isCutOff(ledger.leases[token]!) {
            ledger.version += 1
            return
        }
        if ledger.pods[token]?.isCounted == true {
            if ledger.replacesOnlyFailed { ledger.leases[token]!.state = .deletedKeepingItems } else { ledger.makeReady(ledger.leases[token]!.items) }
            ledger.version += 1
            return
        }
        if ledger.replacesOnlyFailed {
            ledger.leases[token]!.state = .kept
            ledger.kept += 1
        } else {
            ledger.pods[token]!.failedAt = Timestamp(milliseconds: finished)
            hold(ledger, token, finished)
        }
        ledger.version += 1
    }

    /// No pod is left to see; whoever runs it is stopped all the same.
    func vanish(_ ledger: MemoryLedger, _ token: Token) {
        ledger.gone.insert(token)
        guard let lease = ledger.leases[token], lease.state != .kept, lease.state != .vanished else { return }
        if lease.state != .released { ledger.terminating -= 1 }
        ledger.version += 1
        // Live: under a cut that is not swept yet.
        let hasItems = lease.state == .deletedKeepingItems || lease.state == .live
        if hasItems, !ledger.isDeleted, !ledger.isCutOff(lease) { ledger.makeReady(lease.items) }
        ledger.leases[token]!.state = .vanished
        if lease.instance.isEmpty { ledger.leases[token] = nil }
        remind(ledger.uid, 0)
    }
}
