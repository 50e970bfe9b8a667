/// How far a run is; pure. Times are milliseconds of one clock that never steps.
struct ProgressState: Sendable, Equatable {
    /// The counts at one moment.
    struct Counts: Sendable, Equatable {
        /// Items that are over for good, failed ones included.
        var done = 0
        /// Items in all; nil for a work queue.
        var total: Int?
        /// Attempts that run now.
        var active = 0
        /// Items that failed for good.
        var failed = 0
        /// Attempts after an item's first.
        var retries = 0
    }

    /// The rate is measured over this long, in ms.
    static let window: Int64 = 15_000
    /// Fewer ends within the window than this tell too little: the whole run is taken.
    private static let fewest = 5

    private(set) var counts: Counts
    private let startedAt: Int64
    /// Done before this run (`--resume`): not part of its rate.
    private let doneBefore: Int
    private(set) var now: Int64
    /// At most one for each half second of the window, oldest first.
    private var samples: [Sample]

    private struct Sample: Equatable {
        var at: Int64
        var done: Int
    }

    init(_ counts: Counts, now: Int64) {
        (self.counts, startedAt, self.now, doneBefore) = (counts, now, now, counts.done)
        samples = [Sample(at: now, done: counts.done)]
    }

    /// Takes in new counts.
    mutating func update(_ counts: Counts, now: Int64) {
        (self.counts, self.now) = (counts, max(now, self.now))
        if self.now - samples[samples.count - 1].at >= 500 { samples.append(Sample(at: self.now, done: counts.done)) }
        while samples.count > 1, samples[1].at <= self.now - Self.window { samples.removeFirst() }
    }

    /// Milliseconds since the start.
    var elapsed: Int64 { now - startedAt }

    /// Items over per second; 0 while none is.
    var rate: Double {
        let recent = counts.done - samples[0].done, span = now - samples[0].at
        if recent >= Self.fewest, span > 0 { return Double(recent) * 1000 / Double(span) }
        let all = counts.done - doneBefore
        return all > 0 && elapsed > 0 ? Double(all) * 1000 / Double(elapsed) : 0
    }

    /// Seconds that what is left may take; nil while nobody can tell.
    var eta: Double? {
        guard let total = counts.total else { return nil }
        let left = max(0, total - counts.done)
        if left == 0 { return 0 }
        return rate > 0 ? Double(left) / rate : nil
    }

    /// 0...1 of the total; nil without one.
    var fraction: Double? {
        guard let total = counts.total else { return nil }
        return total > 0 ? min(1, max(0, Double(counts.done) / Double(total))) : 1
    }
}
