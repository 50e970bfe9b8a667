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
    /// Items per second that the handlers' own length allows; nil where they have none.
    var possible: Double?
    /// Whether it was cut at its time.
    var isCut = false
    /// Why the count is not exact.
    var fault: String?

    var rate: Double { seconds > 0 ? Double(done) / seconds : 0 }

    /// The part of what is possible that was reached.
    var efficiency: Double? { possible.map { rate / $0 } }

    /// Of seconds or ns of a round, µs for each item.
    func microseconds(seconds: Double) -> Double? { done > 0 ? seconds * 1e6 / Double(done) : nil }
    func microseconds(_ nanoseconds: Int) -> Double? { done > 0 ? Double(nanoseconds) / 1000 / Double(done) : nil }

    /// Calls of Redis for each item.
    var callsPerItem: Double? { done > 0 ? Double(redisCalls) / Double(done) : nil }

    /// How long the handler of an item took on average, in seconds.
    var handlerTime: Double? { workers.items > 0 ? Double(workers.busy) / 1e9 / Double(workers.items) : nil }
}
