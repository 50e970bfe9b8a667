/// What one round of a point has shown.
struct RoundFigures: Sendable {
    /// Items that were to be done.
    var items = 0
    /// Items done, as the store counts them.
    var done = 0
    /// From the submit - with payloads: from when the last one was pushed - to the end.
    var seconds = 0.0
    /// In ms.
    var submit = 0.0
    /// Items per second; nil: none were pushed, or they ran meanwhile.
    var pushRate: Double?
    /// Bytes of Redis for each item that waits.
    var waitingBytes: Double?
    /// Bytes of Redis for the Job at its end.
    var ledgerBytes = 0
    var redisCalls = 0
    /// In seconds.
    var redisCPU = 0.0
    var workers = ProcessUsage()
    var coordinator = ProcessUsage()
    /// This process, which submits and pushes.
    var client = ProcessUsage()
    /// The part of all cores' time that was used, by whomever.
    var coresBusy: Double?
    /// Whether it was cut at its time.
    var isCut = false
    /// Why the count is not exact.
    var fault: String?

    var rate: Double { seconds > 0 ? Double(done) / seconds : 0 }

    /// Of seconds or ns of a round, µs for each item.
    func microseconds(seconds: Double) -> Double? { done > 0 ? seconds * 1e6 / Double(done) : nil }
    func microseconds(_ nanoseconds: Int) -> Double? { done > 0 ? Double(nanoseconds) / 1000 / Double(done) : nil }

    /// How long the handler of an item took on average, in seconds.
    var handlerTime: Double? { workers.items > 0 ? Double(workers.busy) / 1e9 / Double(workers.items) : nil }
}

/// What a latency measurement has shown.
struct LatencyFigures: Sendable {
    /// From the submit of an item to the start of its handler.
    var items = Latencies()
    /// From a push to the end of one call by who was woken by it.
    var raw = Latencies()
    /// Calls of Redis for each item, its push among them.
    var calls = 0.0

    func ratio(_ percent: Double) -> Double { items.microseconds(percent) / max(0.001, raw.microseconds(percent)) }
}

/// What a killed worker has cost.
struct RecoveryFigures: Sendable {
    var items = 0
    var done = 0
    /// Seconds from the kill until the store had given its items up.
    var free: Double?
    /// Seconds from the kill until its items were done by others.
    var recovered: Double?
    /// Seconds of the whole Job.
    var total = 0.0
    var fault: String?
}

/// All rounds of a point.
struct PointFigures: Sendable {
    var point: BenchPoint
    var rounds: [RoundFigures] = []
    var latencies: [LatencyFigures] = []
    var recovery: RecoveryFigures?

    init(_ point: BenchPoint) { self.point = point }

    func spread(_ figure: (RoundFigures) -> Double?) -> Spread? { Spread(rounds.compactMap(figure)) }

    /// Of CPU that processes have spent which the workers ran to their end; those of `stream` live on.
    var childTime: Spread? { point.workload == .process ? spread { $0.microseconds($0.workers.children) } : nil }

    /// What was wrong with a count, if anything was.
    var faults: [String] { rounds.compactMap(\.fault) + (recovery?.fault.map { [$0] } ?? []) }

    /// Of the items/s that sleeps or spins of the measured length allow, the part that was reached.
    func efficiency(cores: Int) -> Spread? {
        guard point.workload == .sleep || point.workload == .cpu else { return nil }
        let lanes = Double(point.workload == .cpu ? min(point.lanes, cores) : point.lanes)
        return spread { round in round.handlerTime.map { round.rate * $0 / lanes } }
    }
}
