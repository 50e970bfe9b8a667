import ArgumentParser
import Drover
import Glibc
import Worker

/// A benchmark from start to end: all points of a sweep, round by round, so that noise hits all alike.
struct BenchSession {
    let settings: BenchSettings
    let points: [BenchPoint]
    let display: ProgressDisplay
    let printsJSON: Bool

    func run() async -> ExitCode {
        // Before anything is started: a signal must not end us in between.
        let signals = Interrupts.stream()
        let work = Task { try await measure() }
        let heeding = Task {
            var count = 0
            for await _ in signals {
                count += 1
                work.cancel()
                // The parts end by themselves.
                if count > 1 { _exit(130) }
            }
        }
        defer { heeding.cancel() }
        do { return try await work.value } catch {
            display.clear()
            if work.isCancelled { return ExitStatus.interrupted }
            display.say("drover bench: \(error)")
            return ExitStatus.unreachable
        }
    }

    private func measure() async throws -> ExitCode {
        let folder = try RunFolder(keeps: false)
        defer { folder.remove() }
        let system = try await BenchSystem(settings, folder: folder.path)
        let result: Result<(BenchHost, [PointFigures]), any Error>
        do { result = .success(try await measure(system)) } catch { result = .failure(error) }
        // Whether or not this task is cancelled.
        await Task { await system.end() }.value
        let (host, figures) = try result.get()
        return report(figures, host)
    }

    private func measure(_ system: BenchSystem) async throws -> (BenchHost, [PointFigures]) {
        let host = try await BenchHost.of(system)
        display.note("drover bench: \(points.count) \(points.count == 1 ? "point" : "points"), \(settings.rounds) rounds, \(host.text)")
        var runs = BenchRounds(system: system, points: points, display: display)
        do { try await runs.run() } catch {
            await Task { [runs] in await runs.end() }.value
            throw error
        }
        await runs.end()
        return (host, runs.figures)
    }

    private func report(_ figures: [PointFigures], _ host: BenchHost) -> ExitCode {
        display.clear()
        let text =
            printsJSON
            ? ([host.json] + figures.map { BenchJSON(figures: $0, cores: settings.cores).line }).joined(separator: "\n")
            : String(BenchText(figures: figures, cores: settings.cores).text.dropLast())
        let failure = say(text)
        let faults = figures.flatMap(\.faults)
        for fault in faults { display.say("drover bench: not exact: \(fault)") }
        if failure == EPIPE { return ExitStatus.brokenPipe }
        if failure != 0 {
            display.say(cannotWrite("bench", failure))
            return ExitStatus.unreachable
        }
        return faults.isEmpty ? ExitStatus.complete : ExitStatus.failed
    }
}

extension ProgressDisplay {
    /// A line about what has been done, for people.
    fileprivate func note(_ line: String) { if style == .bar || style == .plain { say(line) } }
}

/// The rounds of a benchmark, with the workers that the next point needs.
struct BenchRounds {
    let system: BenchSystem
    let display: ProgressDisplay
    private(set) var figures: [PointFigures]
    private var fleet: BenchFleet?

    init(system: BenchSystem, points: [BenchPoint], display: ProgressDisplay) {
        (self.system, self.display, figures) = (system, display, points.map { PointFigures($0) })
    }

    private var settings: BenchSettings { system.settings }

    mutating func run() async throws {
        for round in 1...settings.rounds {
            for at in figures.indices { try await measure(at, round) }
        }
        guard settings.kills else { return }
        for at in figures.indices { try await kill(at) }
    }

    private mutating func measure(_ at: Int, _ round: Int) async throws {
        let point = figures[at].point, figures = try await prepare(point).run()
        self.figures[at].rounds.append(figures)
        var words = ["\(AmountText.text(figures.rate)) items/s\(figures.isCut ? " until it was cut" : "")"]
        if let rate = figures.pushRate { words.append("pushed at \(AmountText.text(rate))/s") }
        if point.workload == .nothing, settings.latencySamples > 0 {
            let latency = try await BenchLatency(system: system, point: point, samples: settings.latencySamples).run()
            self.figures[at].latencies.append(latency)
            words.append("submit to handler \(AmountText.digits(latency.items.microseconds(50))) us, \(AmountText.digits(latency.ratio(50))) x raw")
        }
        display.note("round \(round)/\(settings.rounds)  \(point.text): \(words.joined(separator: ", "))")
    }

    private mutating func kill(_ at: Int) async throws {
        let run = try await prepare(figures[at].point), rate = figures[at].spread(\.rate)?.median ?? 0
        let recovery = try await run.runWithKill(&fleet!, items: settings.itemsToKill(in: run.point, rate: rate))
        figures[at].recovery = recovery
        let words = recovery.recovered.map { "its items were done by others after \(SpanText.decimal($0)) s" } ?? "the Job was over before"
        display.note("a worker killed  \(run.point.text): \(recovery.done) of \(recovery.items) done, \(words)")
    }

    private mutating func prepare(_ point: BenchPoint) async throws -> BenchRun {
        if fleet?.kind != BenchFleet.Kind(point) {
            await end()
            fleet = nil
            fleet = try await BenchFleet.start(BenchFleet.Kind(point), system)
        }
        let run = BenchRun(point: point, system: system, fleet: fleet!, display: display)
        try await run.warmUp()
        return run
    }

    func end() async { await fleet?.end() }
}
