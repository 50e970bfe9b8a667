import Drover

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
