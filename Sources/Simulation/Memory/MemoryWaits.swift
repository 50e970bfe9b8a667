import BatchAPI
import Broker

/// The agenda, news for nodes, and waiting for either.
extension MemoryBroker {
    private static let agenda = ""

    /// Puts a Job on the leader's agenda for `at` at the latest.
    func remind(_ uid: String, _ at: Int64) {
        if let known = due[uid], known <= at { return }
        due[uid] = at
        let first = due.min { ($0.value, $0.key) < ($1.value, $1.key) }
        if first?.key == uid { wakeLeader() }
    }

    /// The leader looks at the Job: at once, or within a second at what agents outside write one by one (R1).
    func lookSoon(_ ledger: MemoryLedger) { remind(ledger.uid, ledger.isExternal ? now + 1000 : 0) }

    func wakeLeader() {
        agendaHasNews = true
        wake(Self.agenda)
    }

    /// Counters of a busy Job reach its status within 100 ms; what agents outside write one by one within a second (R1).
    func markDirty(_ ledger: MemoryLedger) {
        if ledger.isDirty { return }
        ledger.isDirty = true
        remind(ledger.uid, now + (ledger.isExternal ? 1000 : 100))
    }

    func tell(_ node: String, _ message: NodeNews) {
        news[node, default: []].append(message)
        if news[node]!.count > 1000 { news[node]!.removeFirst() }
        wake("n:" + node)
    }

    /// Shows the Job to the workers if it has work, and wakes as many idle nodes of its class as it has items.
    func offer(_ ledger: MemoryLedger, isLed: Bool = false) { wake(ledger, show(ledger, isLed: isLed)) }

    /// Shows the Job to the workers if it has work.
    /// - Returns: how many could start something.
    func show(_ ledger: MemoryLedger, isLed: Bool = false) -> Int {
        let count = max(ledger.startable(now), ledger.pending.count)
        if count <= 0 { return 0 }
        if ledger.isExternal {
            // The leader itself goes on with those (Place).
            if !isLed { lookSoon(ledger) }
            return 0
        }
        if !ledger.isListed { enlist(ledger) }
        return count
    }

    /// Wakes so many idle nodes that take its class.
    func wake(_ ledger: MemoryLedger, _ count: Int) {
        for node in (idle[ledger.placement] ?? []).sorted().prefix(min(count, 64)) {
            idle[ledger.placement]!.remove(node)
            tell(node, .work)
        }
    }

    private func wake(_ key: String) {
        for (_, waiter) in (waiters.removeValue(forKey: key) ?? [:]).sorted(by: { $0.key < $1.key }) { waiter.resume() }
    }

    /// Until the key is woken, the time is over or the task is cancelled.
    private func wait(_ key: String, _ timeout: Duration) async {
        waiterCount += 1
        let id = waiterCount
        let timer = Task {
            await sleep(timeout)
            end(key, id)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiters[key, default: [:]][id] = $0 }
        } onCancel: {
            timer.cancel()
        }
        timer.cancel()
    }

    private func end(_ key: String, _ id: Int) { waiters[key]?.removeValue(forKey: id)?.resume() }

    public func waitForNews(node: String, timeout: Duration) async throws(BrokerError) -> [NodeNews] {
        if (news[node] ?? []).isEmpty, timeout > .zero { await wait("n:" + node, timeout) }
        if Task.isCancelled { throw BrokerError(.cancelled, "the waiting task was cancelled") }
        return news.removeValue(forKey: node) ?? []
    }

    public func waitForAgenda(timeout: Duration) async throws(BrokerError) {
        if !agendaHasNews, timeout > .zero { await wait(Self.agenda, timeout) }
        agendaHasNews = false
        if Task.isCancelled { throw BrokerError(.cancelled, "the waiting task was cancelled") }
    }
}
