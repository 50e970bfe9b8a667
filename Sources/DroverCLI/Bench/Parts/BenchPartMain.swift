import Broker
import Coordinator
import Dispatch
import Drover
import Glibc
import JobController
import Logging
import Redis
import RedisBroker
import Synchronization
import Worker

/// A process of a benchmark. It works until its standard input is closed, so also when who started it is gone; to a line there it answers with
/// what it has used so far.
enum BenchPartMain {
    static func run() async -> Never {
        guard let part = environment(BenchPart.variable).flatMap({ BenchPart(text: $0) }) else {
            complain("drover \(BenchPart.argument): is started by drover bench only")
            exit(ExitStatus.invalid.rawValue)
        }
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_IGN) }
        let meter = BenchMeter()
        do {
            let work = try await work(part, meter)
            answer(meter) { work.cancel() }
            try await work.value
        } catch {
            if !(error is CancellationError) {
                complain("\(part.name): \(error)")
                exit(1)
            }
        }
        exit(0)
    }

    private static func work(_ part: BenchPart, _ meter: BenchMeter) async throws -> Task<Void, any Error> {
        switch part.kind {
        case .coordinator: try coordinate(part)
        case .handlers: try runHandlers(part, meter)
        case .pods: try await runPods(part)
        }
    }

    /// On a thread of its own. What does not end in time is ended.
    private static func answer(_ meter: BenchMeter, onEnd: @escaping @Sendable () -> Void) {
        DispatchQueue(label: "control").async {
            var byte: UInt8 = 0
            while true {
                let count = read(0, &byte, 1)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { break }
                let line = Array((meter.usage.line + "\n").utf8)
                _ = write(1, line, line.count)
            }
            onEnd()
            sleep(8)
            _exit(1)
        }
    }

    private static func coordinate(_ part: BenchPart) throws -> Task<Void, any Error> {
        let logger = logger, address = try RedisAddress(part.redis)
        return Task {
            let broker = RedisBroker(address: address, name: "drover.bench.coordinator", logger: logger)
            var options = CoordinatorOptions(instance: makeUUID(), address: "bench")
            options.lease = part.lease
            // Of the pods of a worker that was killed: what counts is how soon they are found.
            options.policy = Options(podFailureBackoffBase: 10, podFailureBackoffMax: 10)
            await Coordinator(broker: broker, options: options, time: HostTime(), logger: logger).run()
            await broker.close()
        }
    }

    private static func runHandlers(_ part: BenchPart, _ meter: BenchMeter) throws -> Task<Void, any Error> {
        var configuration = DroverWorker.Configuration(redis: part.redis, name: part.name, slots: part.slots)
        (configuration.lease, configuration.settling) = (part.lease, part.settles ? .seconds(2) : .zero)
        if let batch = part.batch { configuration.batch = batch }
        let worker = try DroverWorker(configuration: configuration, logger: logger)
        let cpuTime = Int(part.cpuTime.nanoseconds), nap = part.sleep, ownsThread = part.slots <= DroverWorker.mostThreads
        worker.register(BenchWorkload.nothing.handler(part.mark)) { _ in }
        worker.register(BenchWorkload.sleep.handler(part.mark)) { _ in
            let began = Monotonic.nanoseconds
            // What is asleep costs a third of what waits for a timer of the runtime's, and it is not that which is measured.
            if ownsThread { block(nap) } else { try await Task.sleep(for: nap) }
            meter.count(Monotonic.nanoseconds - began)
        }
        worker.register(BenchWorkload.cpu.handler(part.mark)) { _ in
            let began = Monotonic.nanoseconds, end = Monotonic.ofThread + cpuTime
            while Monotonic.ofThread < end {}
            meter.count(Monotonic.nanoseconds - began)
        }
        // The item is when it was submitted: it comes to how long ago that is.
        worker.registerFunction(BenchWorkload.latencyHandler(part.mark)) { item in Int(item.text).map { String(Monotonic.nanoseconds - $0) } }
        return Task { try await worker.run() }
    }

    private static func block(_ duration: Duration) {
        let (seconds, rest) = duration.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(rest))
        nanosleep(&time, nil)
    }

    private static func runPods(_ part: BenchPart) async throws -> Task<Void, any Error> {
        var options = WorkerOptions(name: part.name, slots: part.slots)
        (options.lease, options.settling, options.chunk) = (part.lease, part.settles ? .seconds(2) : .zero, part.batch)
        // None but the benchmark's.
        options.labels[BenchPart.label] = part.mark
        options.offer.taints = [Taint(key: BenchPart.label, value: part.mark, effect: "NoSchedule")]
        options.guardian.environment["DROVER_GUARDIAN_REDIS"] = part.redis
        let broker = RedisBroker(address: try RedisAddress(part.redis), name: "drover.bench." + part.name, lanes: options.lanes, logger: logger)
        let daemon = WorkerDaemon(
            broker: broker, planner: TemplatePlanner(node: part.name, home: "/", rules: HostRules(), objects: broker), options: options,
            host: try await NodeHost.start(options, folder: try DataFolder(path: part.folder)), lanes: broker.lanes, news: broker.newsExecutor,
            events: broker, logger: logger)
        return Task {
            try await withTaskCancellationHandler { try await daemon.run() } onCancel: { daemon.abort() }
            await daemon.close()
            await broker.close()
        }
    }

    private static var logger: Logger {
        var logger = Logger(label: "bench")
        logger.logLevel = .error
        return logger
    }
}

/// What a process of a benchmark has used and done so far.
final class BenchMeter: Sendable {
    private let items = Atomic<Int>(0), busy = Atomic<Int>(0)

    /// An item's handler took so long, in ns.
    func count(_ nanoseconds: Int) {
        items.add(1, ordering: .relaxed)
        busy.add(nanoseconds, ordering: .relaxed)
    }

    var usage: ProcessUsage {
        var usage = ProcessUsage.own
        (usage.items, usage.busy) = (items.load(ordering: .relaxed), busy.load(ordering: .relaxed))
        return usage
    }
}
