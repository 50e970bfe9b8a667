import Broker

/// One slot: claims, runs, reports and claims again, until the worker drains.
struct SlotLoop {
    private let node: NodeContext
    private let slot: Int
    private var sequence: Int64 = 0
    private var runner: AttemptRunner
    private var chunks: ChunkRunner?
    private var commands: ChunkRunner

    init(node: NodeContext, slot: Int) {
        (self.node, self.slot) = (node, slot)
        runner = AttemptRunner(node: node, slot: slot)
        commands = ChunkRunner(node: node, runtime: CommandItems(node: node, slot: slot))
        chunks = node.runtime.chunks(slot, of: node).map { ChunkRunner(node: node, runtime: $0) }
    }

    mutating func run() async {
        while let word = await node.parking.park(slot, after: sequence) {
            if !node.parking.isClosed { await node.admission.pass() }
            if node.parking.isClosed {
                node.refuse(slot, word)
                break
            }
            var reply = take(word)
            if reply == nil {
                reply = await claim()
                // Work was there: there may be more, for one more slot. Who hands out tells of what is left itself.
                if node.options.slots > 1, case .granted? = reply { node.parking.signal() }
            }
            while case .granted(let grant)? = reply { reply = await work(grant) }
            chunks?.rest()
        }
        await chunks?.leave()
    }

    private mutating func request(_ classes: [String]) -> ClaimRequest {
        sequence += 1
        return ClaimRequest(
            node: node.options.name, instance: node.instance, slot: slot, sequence: sequence, items: node.options.chunk ?? 1,
            podUID: node.options.makesPods ? makeUUID(node.time) : "", job: node.options.job, classes: classes,
            takesHandouts: node.options.job == nil && node.placement.mayBeHanded(classes))
    }

    /// What was handed out as the answer to the next call; nil: the call is to be made, and is answered so if it brings the same.
    private mutating func take(_ word: Parking.Word) -> ClaimReply? {
        guard case .take(let handout) = word, handout.sequence == sequence + 1, handout.registration == registration else { return nil }
        sequence += 1
        node.book.note(slot, sequence, handout.grant)
        return .granted(handout.grant)
    }

    private mutating func claim() async -> ClaimReply? {
        let classes = node.placement.ask(slot, now: node.time.now)
        if classes.isEmpty { return nil }
        let request = request(classes), broker = node.broker, registration = registration
        let reply = await retry { () async throws(BrokerError) in try await broker.claim(request) }
        return heard(request, reply, registration)
    }

    private var registration: Int { node.registrations.load(ordering: .sequentiallyConsistent) }

    /// Writes an answer down. A lease of before the node had to register anew is none any more.
    private func heard(_ request: ClaimRequest, _ reply: ClaimReply?, _ registration: Int) -> ClaimReply? {
        let isCurrent = registration == self.registration
        guard isCurrent, case .granted(let grant)? = reply else {
            node.book.note(slot, request.sequence, nil)
            if !isCurrent { node.parking.signal() }
            node.settle(slot, nil)
            return isCurrent ? reply : nil
        }
        node.book.note(slot, request.sequence, grant)
        return reply
    }

    /// Runs a granted attempt and reports it, claiming the next in the same call.
    private mutating func work(_ grant: Grant) async -> ClaimReply? {
        let broker = node.broker, jobs = node.jobs
        let job = await retry { () async throws(BrokerError) in try await jobs.job(grant, from: broker) }
        guard let job, let job, !node.parking.isClosed else { return await report(Ending.neverStarted(at: node.time.wall), grant, nil) }
        node.settle(slot, job)
        let attempt = Attempt(id: node.attempts.nextID(), slot: slot, grant: grant, job: job, time: node.time)
        node.attempts.add(attempt)
        node.evictions.watch(attempt, node)
        // It was revoked while its Job was fetched; from here on orders find it.
        if node.book.isRevoked(slot) { return await report(Ending.neverStarted(at: node.time.wall), grant, attempt) }
        if grant.pod.isEmpty { return await runChunk(attempt) }
        await chunks?.leave()
        let ending = await runner.run(attempt)
        await node.observer?.ended(grant, job: job, ending: ending)
        return await report(ending, grant, attempt)
    }

    /// Runs a chunk and reports it in the same way.
    private mutating func runChunk(_ attempt: Attempt) async -> ClaimReply? {
        let (outcome, took) = await outcome(of: attempt)
        return await report(attempt, isReleased: outcome.ran == 0) { outcome.report($0, attempt.grant, took: took) }
    }

    private mutating func outcome(of chunk: Attempt) async -> (ChunkOutcome, Duration) {
        guard chunks != nil, chunk.job.spec.template.spec.runtime.takesChunks else {
            await chunks?.leave()
            return await commands.run(chunk)
        }
        let (outcome, took) = await chunks!.run(chunk)
        if let observer = node.observer {
            for (grant, ending) in outcome.endings(chunk.grant, at: node.time.wall) { await observer.ended(grant, job: chunk.job, ending: ending) }
        }
        return (outcome, took)
    }

    private mutating func report(_ ending: Ending, _ grant: Grant, _ attempt: Attempt?) async -> ClaimReply? {
        let time = node.time
        return await report(attempt, isReleased: ending.result == .released) { ending.report($0, grant, attempt, now: time.wall) }
    }

    /// The outcome is told until the store has answered, whatever happens to the store meanwhile.
    private mutating func report(_ attempt: Attempt?, isReleased: Bool, _ make: (ClaimRequest) -> Report) async -> ClaimReply? {
        // A release means that something is in the way here: look before claiming again.
        if isReleased { node.shutIfLate() }
        let classes = !isReleased && !node.parking.isClosed ? node.placement.ask(slot, now: node.time.now) : []
        let request = request(classes), node = node, registration = registration, claims = !classes.isEmpty
        let reply = await retry { () async throws(BrokerError) in try await node.broker.report(make(request), claiming: claims) }
        let next = heard(request, reply?.next, registration)
        if let attempt { node.attempts.remove(attempt) }
        if isReleased { node.parking.signal() }
        return next
    }

    /// Sends the same call until it is answered. nil if the answer is that it can't be.
    private func retry<Answer: Sendable>(_ call: () async throws(BrokerError) -> Answer) async -> Answer? {
        var delay = Duration.milliseconds(20)
        while true {
            do { return try await call() } catch {
                guard error.isTransient else {
                    if error.code != .unknownNode && error.code != .cancelled { node.logger.warning("slot \(slot): \(error)") }
                    return nil
                }
                if Task.isCancelled || node.patience.isLost || hasNothingToTell { return nil }
                try? await node.time.sleep(for: node.time.duration(from: delay / 2, to: delay))
                delay = min(delay * 2, .seconds(1))
            }
        }
    }
}

extension SlotLoop {
    /// Whether the worker is to stop and nothing has run here that the store must hear of.
    private var hasNothingToTell: Bool { node.parking.isClosed && !node.attempts.all.contains { $0.slot == slot } }
}

/// A random (version 4) UUID.
public func makeUUID(_ time: any Timekeeper = HostTime()) -> String {
    var high = time.word(), low = time.word()
    high = high & ~0xF000 | 0x4000
    low = low & ~(3 << 62) | (2 << 62)
    let digits = Array("0123456789abcdef".utf8)
    return String(unsafeUninitializedCapacity: 36) { buffer in
        var at = 0
        for nibble in 0..<32 {
            if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                buffer[at] = UInt8(ascii: "-")
                at += 1
            }
            let word = nibble < 16 ? high : low
            buffer[at] = digits[Int(word >> UInt64(60 - (nibble % 16) * 4) & 15)]
            at += 1
        }
        return 36
    }
}
