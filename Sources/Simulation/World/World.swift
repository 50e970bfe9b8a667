import BatchAPI
import Broker
import Coordinator
import JobController
import Logging

/// The processes of one run, and what befalls them.
final class World: @unchecked Sendable {
    /// Short, so that a run sees many.
    static let backoff = Options(podFailureBackoffBase: 200, podFailureBackoffMax: 3000)

    let plan: Plan
    let universe: Universe
    let network: Network
    let truth: Truth
    let store: any SimulatedStore
    let driver: SimulatedHost
    private(set) var workers: [SimulatedWorker?]
    private(set) var coordinators: [SimulatedCoordinator?]
    private var past: [SimulatedWorker] = []
    private var pastCoordinators: [SimulatedCoordinator] = []
    private var starts = 0
    private var openEdits = 0
    private var isHealing = false
    private(set) var hasEnded = false

    init(_ plan: Plan, _ store: any SimulatedStore, keepsTrace: Bool) {
        (self.plan, self.store) = (plan, store)
        universe = Universe(seed: plan.seed)
        truth = Truth(keepsTrace: keepsTrace)
        truth.isSampled = store.looksEvery > 1
        network = Network(universe, store, truth)
        network.noise = plan.noise
        driver = SimulatedHost("driver", universe)
        workers = Array(repeating: nil, count: plan.workers)
        coordinators = Array(repeating: nil, count: plan.coordinators)
    }

    /// Everything, to the last Job's end.
    func run() {
        driver.spawn { [self] in
            await live()
            hasEnded = true
        }
        universe.run(until: .seconds(86_400)) { [self] in hasEnded || truth.violation != nil }
        if !hasEnded, truth.violation == nil { truth.violate("liveness", "nothing is left to do, and the run is not at its end") }
        end()
    }

    private func live() async {
        for number in coordinators.indices { startCoordinator(number) }
        for number in workers.indices { startWorker(number) }
        for submission in plan.jobs { client { await $0.submit(submission) } }
        keepCheckpoints()
        for event in plan.events {
            await sleep(until: event.at)
            truth.now = universe.now
            truth.note("=== \(event)")
            befall(event.what)
        }
        await heal()
        await finish()
    }

    private func sleep(until time: Duration) async {
        if time > universe.now { try? await driver.sleep(for: time - universe.now) }
    }

    /// A client's work, beside everything else.
    func client(_ body: @escaping @Sendable (SimulatedClient) async -> Void) {
        openEdits += 1
        let client = SimulatedClient(world: self, wire: Wire(network: network, host: driver))
        driver.spawn { [self] in
            await body(client)
            openEdits -= 1
        }
    }

    // MARK: Processes

    private func startWorker(_ number: Int) {
        if universe.isOver { return }
        starts += 1
        let worker = SimulatedWorker(
            name: "w\(number)", number: starts, slots: plan.slots, lease: plan.lease, network: network, plan: plan)
        workers[number] = worker
        worker.start()
    }

    private func startCoordinator(_ number: Int) {
        if universe.isOver { return }
        starts += 1
        let coordinator = SimulatedCoordinator(name: "c\(number)-\(starts)", network: network)
        coordinators[number] = coordinator
        coordinator.start()
    }

    private func befall(_ deed: Plan.Deed) {
        switch deed {
        case .killWorker(let number, let back): killWorker(number, back)
        case .pauseWorker(let number, let time): pause(workers[number]?.host, time)
        case .cutWorker(let number, let time): cut(workers[number], time)
        case .drainWorker(let number): drain(number)
        case .killCoordinator(let number, let back): killCoordinator(number, back)
        case .pauseCoordinator(let number, let time): pause(coordinators[number]?.host, time)
        case .cutCoordinator(let number, let time):
            let host = coordinators[number]?.host
            host?.isLinked = false
            universe.after(time) { host?.isLinked = true }
        case .restartStore(let time): restart(time, rollsBack: false)
        case .rollBackStore(let time): restart(time, rollsBack: true)
        case .jumpClock(let number, let by): workers[number]?.host.skew += by
        case .edit(let job, let edit): client { await $0.edit(self.plan.jobs[job].job, edit) }
        }
    }

    private func killWorker(_ number: Int, _ back: Duration) {
        guard let worker = workers[number] else { return }
        workers[number] = nil
        past.append(worker)
        worker.kill()
        universe.after(max(back, .milliseconds(100))) { [self] in if workers[number] == nil { startWorker(number) } }
    }

    private func drain(_ number: Int) {
        guard let worker = workers[number], !worker.host.isPaused else { return }
        worker.drain()
        replaceWhenEnded(number, worker)
    }

    /// The successor starts when the drained one has gone.
    private func replaceWhenEnded(_ number: Int, _ worker: SimulatedWorker) {
        universe.after(.seconds(1)) { [self] in
            guard workers[number] === worker else { return }
            if !worker.hasEnded { return replaceWhenEnded(number, worker) }
            past.append(worker)
            startWorker(number)
        }
    }

    private func killCoordinator(_ number: Int, _ back: Duration) {
        guard let coordinator = coordinators[number] else { return }
        coordinators[number] = nil
        coordinator.host.kill()
        pastCoordinators.append(coordinator)
        universe.after(back) { [self] in if coordinators[number] == nil { startCoordinator(number) } }
    }

    private func pause(_ host: SimulatedHost?, _ time: Duration) {
        host?.pause()
        universe.after(time) { host?.resume() }
    }

    private func cut(_ worker: SimulatedWorker?, _ time: Duration) {
        worker?.link(false)
        universe.after(time) { worker?.link(true) }
    }

    // MARK: The store

    /// As a file that is synced once a second.
    private func keepCheckpoints() {
        guard plan.rollsBack else { return }
        driver.spawn { [self] in
            while !universe.isOver, !isHealing {
                await network.exclusively { if network.isUp { await store.checkpoint() } }
                try? await driver.sleep(for: .seconds(1))
            }
        }
    }

    private func restart(_ away: Duration, rollsBack: Bool) {
        if !network.isUp { return }
        network.isUp = false
        network.dropWaits()
        driver.spawn { [self] in
            try? await driver.sleep(for: away)
            await network.exclusively {
                await store.advance(to: SimulatedClock.start + universe.now.wholeMilliseconds)
                await store.restart(rollsBack: rollsBack)
            }
            if rollsBack { truth.forget() }
            truth.note("the store is back\(rollsBack ? ", older" : "")")
            network.isUp = true
        }
    }

    // MARK: The end

    /// Nothing goes wrong any more: all must come to its end.
    private func heal() async {
        while !universe.isOver, openEdits > 0 || !network.isUp { try? await driver.sleep(for: .milliseconds(100)) }
        (network.noise, isHealing) = (Network.Noise(), true)
        for worker in workers.compactMap({ $0 }) { worker.link(true); worker.host.resume() }
        for coordinator in coordinators.compactMap({ $0 }) { coordinator.host.isLinked = true; coordinator.host.resume() }
        for submission in plan.jobs {
            client {
                await $0.unblock(submission.job)
                await $0.feed(submission, pauses: false)
            }
        }
        while !universe.isOver, openEdits > 0 { try? await driver.sleep(for: .milliseconds(100)) }
    }

    private func finish() async {
        let limit = universe.now + .seconds(4 * 3600)
        while universe.now < limit, !universe.isOver {
            try? await driver.sleep(for: .seconds(2))
            let views = await network.exclusively { await store.views() }
            if views.contains(where: \.isOpen) { continue }
            await judge(views)
            return
        }
        truth.violate("liveness", "after hours without a fault these have not ended: \(truth.openLedgers)")
    }

    private func judge(_ views: [LedgerView]) async {
        for view in views where !view.isDeleted {
            let uid = view.job.metadata.uid
            let pods = (try? await store.perform { (b) async throws(BrokerError) in try await b.pods(uid: uid) }.get()) ?? []
            let story = truth.stories[view.job.metadata.uid] ?? Story()
            let verdicts = (story.specsAtEnd.isEmpty ? [view.job.spec] : story.specsAtEnd).map { spec in
                Oracle(view: view, spec: spec, pods: pods, story: story, hasForgotten: truth.hasForgotten || truth.isSampled).complaints
            }
            guard let line = verdicts.min(by: { $0.count < $1.count })?.first else { continue }
            truth.violate("oracle", "\(view.job.metadata.name): \(line)")
        }
        await beIdle()
    }

    /// I8: with nothing to do, next to nothing is asked.
    private func beIdle() async {
        try? await driver.sleep(for: .seconds(30))
        let before = network.steps
        try? await driver.sleep(for: .seconds(60))
        let rate = Double(network.steps - before) / 60
        if rate > 2 * Double(plan.workers + plan.coordinators) + 2 { violateIdle(rate) }
    }

    private func violateIdle(_ rate: Double) { truth.violate("I8", "\(rate) calls a second with nothing to do") }

    private func end() {
        let all = workers.compactMap { $0 } + past, leaders = coordinators.compactMap { $0 } + pastCoordinators
        universe.end([driver] + all.flatMap(\.hosts) + leaders.map(\.host)) {
            network.dropWaits()
            for worker in all { worker.end() }
            for leader in leaders { leader.end() }
        }
    }
}

/// A coordinator replica on a simulated host: the shipped one.
final class SimulatedCoordinator: @unchecked Sendable {
    let host: SimulatedHost
    private let network: Network
    private var root: Task<Void, Never>?

    init(name: String, network: Network) {
        self.network = network
        host = SimulatedHost(name, network.universe)
    }

    func start() {
        var options = CoordinatorOptions(instance: host.name, address: host.name)
        (options.lease, options.policy) = (.seconds(3), World.backoff)
        let coordinator = Coordinator(
            broker: Wire(network: network, host: host), options: options, time: host,
            logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() })
        root = host.spawn { await coordinator.run() }
    }

    func end() { root?.cancel() }
}
