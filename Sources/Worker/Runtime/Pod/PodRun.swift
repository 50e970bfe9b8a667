import Broker
import Synchronization

/// A pod of several containers, or of one with hooks, probes or rules of its own: init containers one by one, sidecars beside the others,
/// all of them ended with the pod.
final class PodRun: RunningPod {
    private let crew: PodCrew
    private let initial: [ContainerRun]
    private let regular: [ContainerRun]
    private let news = PodNews()
    private let isOver = Atomic<Bool>(false)
    private let isStopped = Atomic<Bool>(false)
    private let hasBegun = Atomic<Bool>(false)

    init(_ crew: PodCrew) {
        self.crew = crew
        let news = news
        func containers(_ plans: [ContainerPlan]) -> [ContainerRun] { plans.map { ContainerRun($0, crew) { news.signal() } } }
        (initial, regular) = (containers(crew.plan.initContainers), containers(crew.plan.containers))
    }

    private var sidecars: [ContainerRun] { initial.filter(\.plan.isSidecar) }

    /// Runs it to its end. When this returns nothing of it runs any more.
    func run() async -> Ending {
        crew.attempt.attach(self, startedAt: nil, grace: crew.plan.grace)
        if crew.plan.all.count > 1 {
            crew.attempt.tells(of: { [self] in containers })
            news.signal()
        }
        let telling = crew.time.spawn { await self.tell() }
        var beside: [Task<Ending, Never>] = []
        var ending = await prepare(&beside)
        if ending == nil { ending = await runRegular() }
        await endSidecars(beside)
        isOver.store(true, ordering: .sequentiallyConsistent)
        if crew.plan.all.count > 1 { crew.attempt.tells(of: { [last = containers] in last }) }
        crew.attempt.detach()
        crew.spawner.endParts()
        telling.cancel()
        var result = ending ?? .neverStarted(at: crew.time.wall)
        result.restarts = restarts
        return result
    }

    private var containers: [ContainerState] { (initial + regular).map(\.shown) }
    private var restarts: Int { (initial + regular).reduce(0) { $0 + $1.restarts } }

    // MARK: In order

    /// Init containers and sidecars, each when the one before it is done or has started. An ending if one has failed.
    private func prepare(_ beside: inout [Task<Ending, Never>]) async -> Ending? {
        for container in initial {
            if isStopped.load(ordering: .sequentiallyConsistent) { return Self.stopped(at: crew.time.wall) }
            if container.plan.isSidecar {
                beside.append(start(container))
                await container.wait(for: .started)
            } else {
                let ending = await container.run()
                if ending.result != .succeeded { return ending }
            }
        }
        return isStopped.load(ordering: .sequentiallyConsistent) ? Self.stopped(at: crew.time.wall) : nil
    }

    private func start(_ container: ContainerRun) -> Task<Ending, Never> {
        Task(executorPreference: crew.time.executor) {
            let ending = await container.run()
            // One that was given up gives up all.
            if ending.result == .released { self.kill() }
            return ending
        }
    }

    private static func stopped(at time: Int64) -> Ending {
        Ending(.failed, exitCode: 137, reason: "Error", message: "the pod was ended before its containers started", at: time)
    }

    /// Each when the hook of the one before it is done.
    private func runRegular() async -> Ending {
        var running: [Task<Ending, Never>] = []
        hasBegun.store(true, ordering: .sequentiallyConsistent)
        for container in regular {
            running.append(start(container))
            await container.wait(for: .launched)
            if running.count == 1 { crew.attempt.began(at: crew.time.wall) }
        }
        news.signal()
        var endings: [Ending] = []
        for task in running { endings.append(await task.value) }
        return Self.verdict(endings)
    }

    /// The first container that failed speaks for the pod; one that was given up gives the whole pod up.
    private static func verdict(_ endings: [Ending]) -> Ending {
        var ending = endings.first { $0.result == .released } ?? endings.first { $0.result == .failed } ?? endings[0]
        ending.startedAt = endings.compactMap(\.startedAt).min()
        ending.finishedAt = endings.map(\.finishedAt).max() ?? ending.finishedAt
        return ending
    }

    // MARK: Ends

    /// Sidecars end last, in the reverse order of their start, all within one grace.
    private func endSidecars(_ beside: [Task<Ending, Never>]) async {
        let end = crew.time.now + crew.plan.grace
        for (container, task) in zip(sidecars, beside).reversed() {
            let left = max(end - crew.time.now, .zero)
            let killing = crew.time.spawn { [crew] in
                guard (try? await crew.time.sleep(for: left)) != nil else { return }
                while !Task.isCancelled {
                    container.kill()
                    try? await crew.time.sleep(for: .milliseconds(50))
                }
            }
            await container.stop(grace: left)
            _ = await task.value
            killing.cancel()
        }
    }

    package var hasEnded: Bool { isOver.load(ordering: .sequentiallyConsistent) }

    // Whoever calls these holds the attempt's lock.

    /// Sidecars go on until the containers that they are for have ended.
    package func terminate() {
        isStopped.store(true, ordering: .sequentiallyConsistent)
        let isEarly = !hasBegun.load(ordering: .sequentiallyConsistent)
        for container in initial.filter({ isEarly || !$0.plan.isSidecar }) + regular {
            crew.time.spawn { [crew] in await container.stop(grace: crew.attempt.order?.grace ?? crew.plan.grace) }
        }
    }

    package func kill() {
        isStopped.store(true, ordering: .sequentiallyConsistent)
        for container in initial + regular {
            crew.time.spawn { await container.stop(grace: .zero) }
            container.kill()
        }
        // What starts at this very moment is found by the next round.
        crew.time.spawn { [self] in
            while !hasEnded {
                for container in initial + regular { container.kill() }
                try? await crew.time.sleep(for: .milliseconds(50))
            }
        }
    }

    // MARK: News

    /// Tells the store when the pod runs, and whether it is ready.
    private func tell() async {
        for await _ in news.stream {
            let isReady = (sidecars + regular).allSatisfy(\.isReady)
            if crew.node.options.makesPods, crew.attempt.note(isReady: isReady, restarts: restarts) { crew.node.announcer.add(crew.attempt, crew.time) }
        }
    }
}

/// That something has changed; many signals may be seen as one.
final class PodNews: Sendable {
    let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func signal() { continuation.yield() }
}
