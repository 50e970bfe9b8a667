import BatchAPI
import Broker
import Logging
import Worker

/// A worker daemon on a simulated host: the shipped one, but for the containers, which only take time; and the guardian beside it.
final class SimulatedWorker: @unchecked Sendable {
    let host: SimulatedHost
    let name: String
    let instance: String
    private let network: Network
    private let guardianHost: SimulatedHost
    private let runtime: SimulatedRuntime
    private let daemon: WorkerDaemon
    private var root: Task<Void, Never>?
    private(set) var hasEnded = false

    init(name: String, number: Int, slots: Int, lease: Duration, network: Network, plan: Plan) {
        (self.name, self.network) = (name, network)
        instance = "\(name)-\(number)"
        host = SimulatedHost(instance, network.universe)
        guardianHost = SimulatedHost(instance + ".guardian", network.universe)
        runtime = SimulatedRuntime(node: instance, network: network, plan: plan)
        var options = WorkerOptions(name: name, slots: slots)
        (options.lease, options.settling, options.shutdownTimeout) = (lease, .seconds(2), .seconds(10))
        options.offer.capacity["cpu"] = Quantity(nanos: Int128(max(1, slots / 2)) * 1_000_000_000)
        runtime.capacity = options.offer.capacity
        options.restarts = RestartBackoff(base: .milliseconds(200), maximum: .seconds(5))
        (options.chunk, options.offer.runtimes, options.offer.handlers) = (64, [.process, .handler], ["i"])
        daemon = WorkerDaemon(
            broker: Wire(network: network, host: host), runtime: runtime, options: options, instance: instance, machine: name, time: host,
            logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() })
    }

    func start() {
        root = host.spawn { [self] in
            try? await daemon.run()
            hasEnded = true
        }
    }

    /// Cut off, or back.
    func link(_ isLinked: Bool) { (host.isLinked, guardianHost.isLinked) = (isLinked, isLinked) }

    /// SIGTERM.
    func drain() { host.spawn { [daemon] in daemon.drain() } }

    /// kill -9: the guardian ends the attempts, and tells the store if it can.
    func kill() {
        host.kill()
        network.universe.after(network.universe.random.milliseconds(1...50)) { [self] in
            runtime.endAll()
            let wire = Wire(network: network, host: guardianHost), name = name, instance = instance
            guardianHost.spawn { _ = try? await wire.deregister(name: name, instance: instance, lost: true) }
        }
    }

    /// Winds it up at the end of a run.
    func end() {
        root?.cancel()
        daemon.finishRunning()
        runtime.endAll()
    }

    var hosts: [SimulatedHost] { [host, guardianHost] }
}

/// Containers that only take time; how long, and how they end, the plan says.
final class SimulatedRuntime: NodeRuntime, @unchecked Sendable {
    let node: String
    let network: Network
    let plan: Plan
    fileprivate var running: [SimulatedPod] = []
    /// What running attempts may ask for in all.
    var capacity: [String: Quantity] = [:]
    private var deadline: UInt64 = 0
    private var timer: UInt64?
    private var isClosed = false

    init(node: String, network: Network, plan: Plan) { (self.node, self.network, self.plan) = (node, network, plan) }

    func slot(_ number: Int, of node: NodeContext) -> any SlotRuntime { SimulatedSlot(runtime: self, node: node) }

    private var milliseconds: UInt64 { UInt64((network.universe.now + .seconds(1000)).wholeMilliseconds) }

    /// The guardian's deadline: whatever happens to the worker, its attempts are ended then.
    func extend(until deadline: UInt64) {
        self.deadline = deadline
        if let timer { network.universe.cancel(timer) }
        let left = Int64(deadline) - Int64(milliseconds)
        timer = network.universe.after(.milliseconds(max(0, left))) { [weak self] in self?.fence() }
    }

    private func fence() {
        if !running.isEmpty { network.truth.note("\(node): the guardian ends \(running.map(\.token))") }
        for pod in running { pod.end(137, isFenced: true) }
    }

    func chunks(_ slot: Int, of node: NodeContext) -> (any ChunkRuntime)? { SimulatedChunks(runtime: self, node: node) }

    /// Whether the worker lives and its lease is not over.
    var mayRun: Bool { !isClosed && milliseconds < deadline }

    func attend(_ node: NodeContext) async { await FenceLoop(node: node).run() }
    func close() async {}

    /// The worker is gone, and with it all it ran.
    func endAll() {
        isClosed = true
        if let timer { network.universe.cancel(timer) }
        for pod in running { pod.end(137, isFenced: true) }
    }

    /// A container begins; nil if it may not any more.
    func begin(_ attempt: Attempt, restart: Int) -> SimulatedPod? {
        if !mayRun { return nil }
        let fate = plan.fate(of: attempt.grant, restart: restart)
        let pod = SimulatedPod(attempt.grant.token, network.universe)
        pod.requests = PodRequests.total(attempt.job.spec.template.spec)
        running.append(pod)
        checkRoom()
        network.truth.began(attempt.grant, on: node, at: network.universe.now)
        pod.onEnd = { [self] in
            running.removeAll { $0 === pod }
            network.truth.ended(attempt.grant)
        }
        pod.live(fate)
        return pod
    }
}

extension SimulatedRuntime {
    /// A node never runs more than it has room for.
    fileprivate func checkRoom() {
        for (name, amount) in capacity {
            let used = running.reduce(Int128(0)) { $0 + ($1.requests[name]?.nanos ?? 0) }
            if used > amount.nanos { network.truth.violate("Room", "\(node) runs \(Quantity(nanos: used).text) \(name) of \(amount.text)") }
        }
    }
}

/// One container from start to end.
final class SimulatedPod: RunningPod, @unchecked Sendable {
    let token: Token
    private let universe: Universe
    var requests: [String: Quantity] = [:]
    private var fate = Plan.Fate(life: .zero, code: 0, ignoresTerm: false)
    private(set) var code: Int?
    private(set) var isFenced = false
    private(set) var endedAt = Duration.zero
    private var waiting: UnsafeContinuation<Void, Never>?
    var onEnd: () -> Void = {}

    init(_ token: Token, _ universe: Universe) { (self.token, self.universe) = (token, universe) }

    func live(_ fate: Plan.Fate) {
        self.fate = fate
        universe.after(fate.life) { [self] in end(fate.code) }
    }

    func end(_ code: Int, isFenced: Bool = false) {
        if self.code != nil { return }
        (self.code, self.isFenced, endedAt) = (code, isFenced, universe.now)
        onEnd()
        waiting?.resume()
        waiting = nil
    }

    var hasEnded: Bool { code != nil }
    func kill() { end(137) }

    /// Some end at once, well or badly, some later, some not at all.
    func terminate() {
        if fate.ignoresTerm { return }
        universe.after(.milliseconds(fate.life.wholeMilliseconds % 700)) { [self] in end(fate.code == 0 && fate.life.wholeMilliseconds % 3 == 0 ? 0 : 143) }
    }

    func finish() async {
        if code != nil { return }
        await withUnsafeContinuation { waiting = $0 }
    }
}

/// The containers of one slot.
struct SimulatedSlot: SlotRuntime {
    let runtime: SimulatedRuntime
    let node: NodeContext

    mutating func prepare(_ attempt: Attempt) throws(PodRefusal) -> AttemptConduct {
        let spec = attempt.job.spec.template.spec
        return AttemptConduct(restartsInPlace: spec.restartPolicy == "OnFailure", deadline: spec.activeDeadlineSeconds.map { .seconds($0) })
    }

    mutating func runOnce(_ attempt: Attempt, restart: Int) async -> Ending {
        let started = node.time.wall
        guard let pod = runtime.begin(attempt, restart: restart) else { return Ending(.released, exitCode: 0, reason: "NeverStarted", at: started) }
        attempt.attach(pod, startedAt: started, grace: .seconds(attempt.job.spec.template.spec.terminationGracePeriodSeconds))
        node.announce(attempt, log: "")
        await pod.finish()
        attempt.detach()
        let code = pod.code ?? 137
        let since = runtime.network.universe.now - pod.endedAt
        let ended = node.time.wall - since.wholeMilliseconds
        var ending =
            pod.isFenced && attempt.order == nil
            ? Ending(.released, exitCode: 137, reason: "Fenced", at: ended)
            : Ending(code == 0 ? .succeeded : .failed, exitCode: code, reason: code == 0 ? "Completed" : "Error", at: ended)
        ending.startedAt = min(started, ended)
        return ending
    }

    mutating func clear(_ attempt: Attempt) {}
}
