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
}
