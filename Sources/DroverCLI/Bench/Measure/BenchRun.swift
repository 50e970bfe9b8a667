import BatchAPI
import Drover
import Glibc
import Worker

/// Runs a point once and measures it.
struct BenchRun {
    let point: BenchPoint
    let system: BenchSystem
    let fleet: BenchFleet
    let display: ProgressDisplay

    /// What has been used so far, by whom.
    private struct Stand {
        var redis: RedisUsage
        var workers: ProcessUsage
        var coordinator: ProcessUsage
        var client = ProcessUsage.own
        var host: HostUsage
    }

    private static let idle = Duration.seconds(30)

    private func stand() async throws -> Stand {
        Stand(
            redis: try await system.usage(), workers: fleet.usage, coordinator: system.coordinator.usage() ?? ProcessUsage(),
            host: HostUsage(stat: (readSmallFile("/proc/stat") ?? "").prefix { $0 != "\n" }))
    }

    private var settings: BenchSettings { system.settings }

    @Sendable private func check() throws {
        try system.check()
        try fleet.check()
    }

    /// A Job that is not measured: connections are made, processes are warm.
    func warmUp() async throws {
        var job = description(0)
        job.items = point.workers * point.slots
        let submitted = try await system.submit(job)
        let end = try await BenchWatch(job: submitted, total: job.items!, limit: Self.idle, display: nil, check: check).run()
        if end.progress.outcome != .complete { throw BenchError("\(point.text): the first items did not run within \(Self.idle): \(end.progress.words)") }
        try await system.delete(submitted)
    }

    private func description(_ items: Int) -> BenchJob {
        let work = point.workload.work(system.mark, streamCommand: settings.streamCommand)
        return BenchJob(work, items: point.payload > 0 ? nil : items, parallelism: point.parallelism)
    }

    func run() async throws -> RoundFigures {
        let items = settings.items(of: point)
        var figures = RoundFigures(items: items), description = description(items)
        description.isSuspended = settings.holdsBack(point, items: items)
        let empty = try await system.usage(), clock = ContinuousClock()
        var before = try await stand(), start = clock.now
        let job = try await system.submit(description)
        figures.submit = (clock.now - start) / .milliseconds(1)
        if point.payload > 0 {
            let (took, full) = try await push(job, figures.items)
            if description.isSuspended {
                figures.pushRate = Double(figures.items) / (took / .seconds(1))
                figures.waitingBytes = Double(full.memory - before.redis.memory) / Double(figures.items)
                (before, start) = (try await stand(), clock.now)
                try await job.resume()
            }
        }
        let end = try await BenchWatch(job: job, total: items == BenchSettings.mostItems ? nil : items, limit: settings.limit, display: display, check: check).run()
        figures.seconds = (end.at - start) / .seconds(1)
        try await note(end, before, &figures)
        figures.ledgerBytes = max(0, try await system.usage().memory - empty.memory)
        try await system.delete(job)
        return figures
    }

    private func note(_ end: BenchWatch.End, _ before: Stand, _ figures: inout RoundFigures) async throws {
        let after = try await stand()
        (figures.done, figures.isCut, figures.fault) = (end.progress.succeeded, end.isCut, end.fault(point.text, of: figures.items))
        (figures.redisCalls, figures.redisCPU) = (after.redis.calls - before.redis.calls, after.redis.cpu - before.redis.cpu)
        (figures.workers, figures.coordinator) = (after.workers - before.workers, after.coordinator - before.coordinator)
        (figures.client, figures.coresBusy) = (after.client - before.client, after.host.busyPart(since: before.host))
        figures.possible = possible(figures)
    }

    /// A spin takes longer than it spins where it waits for a core.
    private func possible(_ figures: RoundFigures) -> Double? {
        switch point.workload {
        case .sleep: figures.handlerTime.map { Double(point.lanes) / $0 }
        case .cpu where settings.cpuTime > .zero: Double(min(point.lanes, settings.cores)) / (settings.cpuTime / .seconds(1))
        default: nil
        }
    }

    /// - Returns: how long it took, and Redis with all of them.
    private func push(_ job: SubmittedJob, _ count: Int) async throws -> (Duration, RedisUsage) {
        let payload = [UInt8](repeating: UInt8(ascii: "x"), count: point.payload), clock = ContinuousClock(), start = clock.now
        var pusher = try await job.pusher()
        for _ in 0..<count { try await pusher.push(payload) }
        try await pusher.flush()
        let took = clock.now - start, usage = try await system.usage()
        try await pusher.close()
        return (took, usage)
    }

    /// The same once more with a worker killed in the middle.
    func runWithKill(_ fleet: inout BenchFleet, items: Int) async throws -> RecoveryFigures {
        var figures = RecoveryFigures(items: items), description = description(items)
        description.isSuspended = settings.holdsBack(point, items: items)
        let job = try await system.submit(description), start = ContinuousClock.now
        if point.payload > 0 { _ = try await push(job, items) }
        if description.isSuspended { try await job.resume() }
        async let ended = BenchWatch(job: job, total: items, limit: settings.limit, display: display, check: system.check).run()
        let recovery = try await BenchRecovery(job: job, total: items, system: system).run(&fleet)
        let end = try await ended
        figures.total = (end.at - start) / .seconds(1)
        (figures.done, figures.fault) = (end.progress.succeeded, end.fault(point.text + ", a worker killed", of: items))
        (figures.free, figures.recovered) = (recovery.free, recovery.recovered)
        try await system.delete(job)
        return figures
    }
}
