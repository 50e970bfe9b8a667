import Broker
import Logging

/// A worker: registers as a node, runs attempts in its slots, renews its lease, ends what it is told to end.
public final class WorkerDaemon: Sendable {
    private let node: NodeContext
    private let executors: [any TaskExecutor]
    private let logs: LogServer?
    /// Where news are heard; nil: in the common pool.
    private let newsExecutor: (any TaskExecutor)?

    /// - Parameters:
    ///   - host: what this host gives it; see `NodeHost`.
    ///   - lanes: run the slots, by turns; none: the common pool does.
    ///   - events: where events about pods go; nil: none are told.
    ///   - news: where `broker` hears of news.
    ///   - relay: where logs that are asked for go; nil: none are served.
    public init(
        broker: any Broker, planner: any AttemptPlanner, options: WorkerOptions, host: NodeHost, observer: (any AttemptObserver)? = nil,
        lanes: [any SlotLane] = [], news: (any TaskExecutor)? = nil, relay: (any LogRelay)? = nil, events: (any ObjectStore)? = nil, logger: Logger
    ) {
        let facts = hostFacts()
        var options = options
        options.offer.capacity.merge(hostCapacity(facts, folder: host.folder.path)) { given, _ in given }
        options.labels.merge(HostFeatures.labels(limits: host.limits, tree: host.tree)) { own, _ in own }
        options.chunk = min(options.chunk ?? Self.mostItems, Self.mostItems)
        if options.makesPods { options.offer.runtimes.insert(.stream) }
        let runtime = ProcessRuntime(planner: planner, host: host, lanes: lanes, logs: options.keepsWholeLogs ? .none : LogRecorder.Limits())
        node = NodeContext(
            broker: broker, runtime: runtime, observer: observer, options: options, instance: host.instance, machine: machineID(),
            facts: facts, events: events, time: HostTime(), logger: logger)
        (executors, newsExecutor) = (lanes, news)
        logs = relay.map { [node] in LogServer(node: node, folder: host.folder, relay: $0) }
    }

    /// Of one lease.
    private static let mostItems = 1 << 16

    /// A worker of this host with a runtime of its own; there is no guardian.
    package convenience init(
        broker: any Broker, runtime: any NodeRuntime, options: WorkerOptions, executor: any TaskExecutor, news: any TaskExecutor, logger: Logger
    ) {
        let instance = String(makeUUID().prefix(13))
        self.init(
            broker: broker, runtime: runtime, options: options, instance: instance, machine: machineID(), facts: hostFacts(), time: HostTime(),
            executor: executor, news: news, logger: logger)
    }

    /// A worker with a runtime, time and chance of its own.
    package init(
        broker: any Broker, runtime: any NodeRuntime, options: WorkerOptions, instance: String, machine: String, facts: [String: String] = [:],
        time: any Timekeeper, executor: (any TaskExecutor)? = nil, news: (any TaskExecutor)? = nil, logger: Logger
    ) {
        node = NodeContext(
            broker: broker, runtime: runtime, observer: nil, options: options, instance: instance, machine: machine, facts: facts,
            time: time, logger: logger)
        let executor = executor ?? time.executor
        (executors, logs, newsExecutor) = (executor.map { [$0] } ?? [], nil, news ?? executor)
    }

    /// Works until `drain()`, then comes back when nothing runs any more and the node is off the register, or the store was waited for long
    /// enough. `close()` must follow.
    /// - Throws: `WorkerError` if the node can't be registered.
    public func run() async throws {
        let node = node
        try await withThrowingTaskGroup(of: Void.self) { parts in
            parts.addTask { try await self.work() }
            parts.addTask { await node.patience.wait() }
            try await parts.next()
            parts.cancelAll()
            // A slot that came too late to be sent home.
            node.admission.release()
        }
    }

    private func work() async throws {
        guard await node.register() else {
            if node.parking.isClosed { return }
            throw WorkerError("node \(node.options.name) can't be registered: is the name in use on another machine?")
        }
        node.admission.shut(.lease)
        await node.refreshPlacement()
        _ = await HeartbeatLoop(node: node).beat()
        if node.options.settling > .zero { try? await node.time.sleep(for: node.options.settling) }
        await withTaskGroup(of: Void.self) { loops in
            startLoops(&loops)
            await runSlots()
            loops.cancelAll()
        }
        try? await node.broker.deregister(name: node.options.name, instance: node.instance, lost: false)
        if let other = node.successor.withLock({ $0 }) {
            throw WorkerError("another worker (\(other)) has taken the name \(node.options.name): give each worker of a host a --name and a --data of its own")
        }
    }

    private func startLoops(_ loops: inout TaskGroup<Void>) {
        let node = node, logs = logs
        loops.addTask { await HeartbeatLoop(node: node).run() }
        loops.addTask(executorPreference: newsExecutor) { await NewsLoop(node: node, logs: logs).run() }
        loops.addTask { await node.announcer.run(broker: node.broker, instance: node.instance, time: node.time) }
        loops.addTask { await node.runtime.attend(node) }
    }

    private func runSlots() async {
        let node = node
        node.parking.signal()
        await withTaskGroup(of: Void.self) { slots in
            for slot in 0..<node.options.slots {
                slots.addTask(executorPreference: executors.isEmpty ? nil : executors[slot % executors.count]) {
                    var loop = SlotLoop(node: node, slot: slot)
                    await loop.run()
                }
            }
        }
    }

    /// Claims no more; what runs goes on to its end.
    public func finishRunning() {
        node.closeParking()
        node.admission.release()
    }

    /// Claims no more; what runs gets SIGTERM and its grace, at most the shutdown time-out, and is reported.
    public func drain() {
        finishRunning()
        // Before the first heartbeat nothing was claimed: there is nothing to tell.
        let hasBegun = node.deadline.load(ordering: .relaxed) > 0
        node.patience.limit(to: hasBegun ? max(node.options.shutdownTimeout, Self.leastPatience) : .zero, node.time)
        for attempt in node.attempts.all { attempt.stop(StopOrder(cause: .drained, grace: grace(attempt))) }
    }

    private static let leastPatience = Duration.seconds(1)

    /// The last part of the time-out, a second at most, is for reports.
    private func grace(_ attempt: Attempt) -> Duration {
        let timeout = node.options.shutdownTimeout
        return min(.seconds(attempt.job.spec.template.spec.terminationGracePeriodSeconds), timeout - min(timeout / 4, .seconds(1)))
    }

    /// Ends everything at once; nothing is reported that the store does not take now.
    public func abort() {
        drain()
        node.patience.lose()
        node.patience.limit(to: Self.leastPatience, node.time)
        for attempt in node.attempts.all { attempt.stop(StopOrder(cause: .drained, grace: .zero)) }
    }

    /// Ends the guardian, and with it the private redis-server.
    public func close() async {
        node.closeParking()
        await node.runtime.close()
    }
}
