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

extension LatencyFigures {
    /// Of several rounds together.
    init(all rounds: [LatencyFigures]) {
        for round in rounds {
            items.add(round.items)
            raw.add(round.raw)
        }
        calls = Spread(rounds.map(\.calls))?.median ?? 0
    }
}
