import Histogram

/// How long something took, each time; within a thousandth, up to an hour.
struct Latencies: Sendable {
    private var histogram = Histogram<UInt32>(highestTrackableValue: 3_600_000_000_000, numberOfSignificantValueDigits: .three)

    init() {}

    init(nanoseconds: some Sequence<Int>) { for value in nanoseconds { record(nanoseconds: value) } }

    mutating func record(nanoseconds: Int) { histogram.record(UInt64(min(max(0, nanoseconds), 3_600_000_000_000))) }
    mutating func add(_ other: Latencies) { histogram.add(other.histogram) }

    var count: Int { Int(histogram.totalCount) }

    /// In µs: so long, or less, took that many percent.
    func microseconds(_ percent: Double) -> Double { Double(percent >= 100 ? histogram.maxRecorded : histogram.valueAtPercentile(percent)) / 1000 }
}
