import BatchAPI
import Broker
import Logging
import Synchronization

/// What the loops of one node share.
package final class NodeContext: Sendable {
    let broker: any Broker
    let observer: (any AttemptObserver)?
    /// Where events about pods go; nil: none are told.
    let events: (any ObjectStore)?
    package let options: WorkerOptions
    let instance: String
    let machine: String
    /// Of the host; see `NodeRegistration`.
    let facts: [String: String]
    package let time: any Timekeeper
    let runtime: any NodeRuntime
    let logger: Logger
    let attempts = AttemptTable()
    let book: SlotBook
    let placement: PlacementBook
    let devices: DeviceBook
    let evictions = Evictions()
    let parking = Parking()
    let admission = Admission()
    let jobs = JobCache()
    let patience = Patience()
    let announcer = Announcer()
    let chunkWatch = ChunkWatch()
    /// Of the heartbeat.
    let pulse = Pulse()

    /// Counts registrations: what a call brought that was made under an earlier one has been given up.
    let registrations = Atomic<Int>(0)
    /// The worker that has taken this one's name.
    let successor = Mutex<String?>(nil)

    /// Monotonic ms when every attempt is ended, unless the lease is renewed.
    package let deadline = Atomic<UInt64>(0)

    init(
        broker: any Broker, runtime: any NodeRuntime, observer: (any AttemptObserver)?, options: WorkerOptions, instance: String, machine: String,
        facts: [String: String] = [:], events: (any ObjectStore)? = nil, time: any Timekeeper, logger: Logger
    ) {
        self.events = events
        (self.broker, self.runtime, self.observer, self.options) = (broker, runtime, observer, options)
        (self.instance, self.machine, self.facts, self.time, self.logger) = (instance, machine, facts, time, logger)
        book = SlotBook(slots: options.slots)
        placement = PlacementBook(options, facts: facts)
        devices = DeviceBook(options.devices)
    }

    // MARK: Placement

    /// Looks again at what the node may run. What can't be heard now is asked for later.
    func refreshPlacement() async {
        do throws(BrokerError) {
            if try await placement.refresh(broker, now: time.now) { mayWork() }
            for attempt in attempts.all { evictions.watch(attempt, self) }
        } catch {
            logger.debug("placement classes: \(error)")
        }
    }

    /// What a slot uses of the node's room from now on: an attempt's needs, or nothing.
    func settle(_ slot: Int, _ job: Job?) { if placement.settle(slot, job, now: time.now) { parking.signal() } }

    /// There may be work: one slot asks at once, and once more for what other nodes suit better when they have had their turn.
    func mayWork() {
        parking.signal()
        guard placement.hear(now: time.now) else { return }
        time.spawn { [self] in
            try? await time.sleep(for: HeadStart.wait)
            placement.beginTurn(now: time.now)
            parking.signal()
        }
    }

    // MARK: Hand-outs

    /// A slot gets the answer to its next call.
    func hand(_ slot: Int, _ sequence: Int64, _ grant: Grant) {
        let handout = Parking.Handout(sequence: sequence, grant: grant, registration: registrations.load(ordering: .sequentiallyConsistent))
        if !parking.tell(slot, .take(handout)) { refuse(slot, .take(handout)) }
    }

    /// A slot is to call: there may be an answer that it has not heard. One that never will has it given back.
    func ask(_ slot: Int) { if !parking.tell(slot, .ask) { book.refuse(slot) } }

    /// The slot will not take what it was handed out: the store hears of that at once.
    func refuse(_ slot: Int, _ word: Parking.Word) {
        guard case .take(let handout) = word else { return }
        book.refuse(slot, handout.sequence)
        pulse.kick()
    }

    /// Nothing is claimed any more.
    func closeParking() { for (slot, word) in parking.close() { refuse(slot, word) } }

    // MARK: News of attempts

    /// The attempt's first container runs: told once, a little later, so that short lives cost no call.
    package func announce(_ attempt: Attempt, log: String) {
        observer?.began(attempt.grant, job: attempt.job, log: log)
        if options.makesPods { announcer.add(attempt, time) }
    }

    /// A container waits for its restart (P4). Lost news are made good by the report.
    func tell(_ attempt: Attempt, restarts: Int, exitCode: Int) async {
        _ = try? await broker.progress(
            Progress(
                job: attempt.grant.job, token: attempt.grant.token, instance: instance, startedAgo: 0, restarts: restarts, isRunning: false,
                lastExitCode: exitCode))
    }

    /// A pod waits for what is not there: said in its status and by an event, for each reason once.
    func tellWaiting(_ pod: WaitingPod) async {
        logger.warning("pod \(pod.attempt.grant.pod) waits: \(pod.refusal.message)")
        guard options.makesPods else { return }
        pod.attempt.tells(of: { [containers = pod.containers] in containers })
        announcer.add(pod.attempt, time)
        _ = try? await events?.put(pod.event(node: options.name, now: Timestamp(milliseconds: time.wall)))
    }

    func noteRestart(_ attempt: Attempt, exitCode: Int) { (observer as? any RestartObserver)?.restarts(attempt.grant, exitCode: exitCode) }

    /// Its name is another worker's now: everything is ended, nothing is claimed any more.
    func giveWay(to instance: String) {
        successor.withLock { $0 = instance }
        logger.error("another worker (\(instance)) has taken the name \(options.name): give each worker of a host a name and a data folder of its own")
        closeParking()
        admission.release()
        for attempt in attempts.all { attempt.stop(StopOrder(cause: .deleted, grace: .zero)) }
    }
}

/// An observer that is told of restarts in place as well.
public protocol RestartObserver: AttemptObserver {
    /// A container has failed and is, or will be, started again.
    func restarts(_ grant: Grant, exitCode: Int)
}

/// How long the store is waited for once the worker is to stop.
final class Patience: Sendable {
    private let isSpent = Atomic<Bool>(false)
    private let (stream, end) = AsyncStream.makeStream(of: Never.self)

    /// Whether a call that the store does not take is not made again.
    var isLost: Bool { isSpent.load(ordering: .relaxed) }

    /// It ends after this long, or sooner if that was said before.
    func limit(to duration: Duration, _ time: any Timekeeper) {
        if duration <= .zero { return end.finish() }
        time.spawn { [end] in
            try? await time.sleep(for: duration)
            end.finish()
        }
    }

    /// What fails from now on has failed for good.
    func lose() { isSpent.store(true, ordering: .relaxed) }

    /// Waits for its end, or cancellation.
    func wait() async { for await _ in stream {} }
}

/// The Jobs whose attempts run here, by revision.
final class JobCache: Sendable {
    private let jobs = Mutex<[String: (revision: String, job: Job)]>([:])
    private static let limit = 256

    /// What chunks are run by does not change; a Job's revision does with each of its counts.
    func job(_ grant: Grant, from broker: any Broker) async throws(BrokerError) -> Job? {
        if let known = jobs.withLock({ $0[grant.job] }), known.revision == grant.revision || grant.pod.isEmpty { return known.job }
        guard let job = try await broker.job(uid: grant.job) else { return nil }
        jobs.withLock { jobs in
            if jobs.count >= Self.limit { jobs.removeAll() }
            jobs[grant.job] = (grant.revision, job)
        }
        return job
    }
}
