import Broker

/// Renews the node's lease three times per lease, and with it the guardian's deadlines.
struct HeartbeatLoop {
    let node: NodeContext

    /// Runs until cancelled.
    func run() async {
        while !Task.isCancelled {
            let sent = node.time.now
            let isRenewed = await beat()
            // Counted from when the renewal was sent, as the deadline is: one that waited long for the store is followed at once.
            let pause = isRenewed ? node.options.lease / 3 - (node.time.now - sent) : node.options.lease / 10
            if pause > .zero { await node.pulse.pause(pause, node.time) }
        }
    }

    /// One renewal. The deadline counts from when it was sent.
    func beat() async -> Bool {
        let sent = Self.milliseconds(node.time.now)
        do throws(BrokerError) {
            try await renew()
            let deadline = sent + Self.milliseconds(node.options.lease - Self.margin(node.options.lease))
            node.deadline.store(deadline, ordering: .relaxed)
            node.runtime.extend(until: deadline)
            if Self.milliseconds(node.time.now) < deadline { node.admission.clear(.lease) } else { node.admission.shut(.lease) }
            return true
        } catch {
            await failed(error)
            return false
        }
    }

    /// At most 500 leases are named in a call; more go in further ones of the same beat.
    private func renew() async throws(BrokerError) {
        let book = node.book.state
        let reply = try await node.broker.renew(
            Heartbeat(node: node.options.name, instance: node.instance, held: book.held.sorted { $0.slot < $1.slot }, answered: book.answered,
                free: node.placement.free(slots: node.options.slots - book.held.count)))
        for case .stop(let job, let token, let grace) in reply.revoked { node.stop(job: job, token: token, grace: grace) }
        for case .ask(let slot) in reply.revoked { node.ask(slot) }
        if (try? await node.placement.reserve(node.broker, now: node.time.now)) == true { node.parking.signal() }
    }

    private func failed(_ error: BrokerError) async {
        if error.code == .unknownNode {
            node.logger.warning("the node is registered no more: its attempts are ended, then it registers anew")
            node.admission.shut(.unregistered)
            node.registrations.add(1, ordering: .sequentiallyConsistent)
            node.book.revoke { _ in true }
            for attempt in node.attempts.all { attempt.stop(StopOrder(cause: .deleted, grace: .zero)) }
            // A namesake on this machine is the successor: two would end each other's attempts for ever.
            if let other = try? await node.broker.nodes().first(where: { $0.name == node.options.name }), other.instance != node.instance {
                return node.giveWay(to: other.instance)
            }
            await node.register()
            // What came meanwhile it was not told.
            await node.refreshPlacement()
        } else {
            node.shutIfLate()
        }
    }

    /// How much earlier than the reaper the guardian acts: 20 %, at least a second.
    static func margin(_ lease: Duration) -> Duration { max(lease / 5, .seconds(1)) }

    static func milliseconds(_ duration: Duration) -> UInt64 { UInt64(max(0, duration.wholeMilliseconds)) }
}

extension NodeContext {
    /// Nothing is claimed while it is unsure whether the lease holds.
    func shutIfLate() {
        if HeartbeatLoop.milliseconds(time.now) >= deadline.load(ordering: .relaxed) { admission.shut(.lease) }
    }

    func stop(job: String, token: Token, grace: Int?) {
        book.revoke { $0.job == job && $0.token == token }
        attempts.find(job: job, token: token)?.stop(StopOrder(cause: .deleted, grace: grace.map { .seconds($0) }))
    }

    /// Registers, waiting for the store as long as it takes.
    /// - Returns: false if the name is another machine's, or the store can't be used.
    @discardableResult
    func register() async -> Bool {
        let node = NodeRegistration(
            name: options.name, instance: instance, machine: machine, labels: options.labels, slots: options.slots, lease: options.lease, facts: facts,
            offer: options.offer)
        while !Task.isCancelled {
            do throws(BrokerError) {
                try await broker.register(node)
                admission.clear(.unregistered)
                parking.signal()
                return true
            } catch {
                guard error.isTransient || error.code == .nameTaken else { return false }
                logger.warning("registration: \(error)")
                if error.code == .nameTaken { return false }
                try? await time.sleep(for: .milliseconds(500))
            }
        }
        return false
    }
}
