import Metrics
import Synchronization

/// The numbers of one name with one set of labels.
protocol MetricSeries: AnyObject, Sendable {
    var kind: MetricFamily.Kind { get }
    func samples(_ labels: [MetricFamily.Label]) -> [MetricFamily.Sample]
}

final class CounterSeries: MetricSeries, CounterHandler {
    private let count = Mutex<Int64>(0)

    var kind: MetricFamily.Kind { .counter }
    /// Stops at the greatest number there is.
    func increment(by number: Int64) {
        count.withLock { count in
            let (sum, isOver) = count.addingReportingOverflow(max(0, number))
            count = isOver ? .max : sum
        }
    }
    func reset() { count.withLock { $0 = 0 } }
    func samples(_ labels: [MetricFamily.Label]) -> [MetricFamily.Sample] { [.init(labels: labels, value: Double(count.withLock { $0 }))] }
}

/// A counter of fractions, or a gauge.
final class SumSeries: MetricSeries, FloatingPointCounterHandler, MeterHandler, RecorderHandler {
    let kind: MetricFamily.Kind
    private let sum = Mutex(0.0)

    init(_ kind: MetricFamily.Kind) { self.kind = kind }

    func increment(by number: Double) { sum.withLock { $0 += number } }
    func decrement(by number: Double) { sum.withLock { $0 -= number } }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { sum.withLock { $0 = value } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func reset() { set(0.0) }
    func samples(_ labels: [MetricFamily.Label]) -> [MetricFamily.Sample] { [.init(labels: labels, value: sum.withLock { $0 })] }
}

/// How often values were at most so great. Times are kept in seconds.
final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler {
    private struct State {
        /// Per bucket, those that no smaller one holds; the last is for what is greater than all bounds.
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    /// - Parameter bounds: ascending.
    init(_ bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    var kind: MetricFamily.Kind { .histogram }
    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    func samples(_ labels: [MetricFamily.Label]) -> [MetricFamily.Sample] {
        let state = state.withLock { $0 }
        var count = 0
        var samples: [MetricFamily.Sample] = []
        for (bound, inBucket) in zip(bounds.map(MetricFamily.text) + ["+Inf"], state.counts) {
            count += inBucket
            samples.append(.init(suffix: "_bucket", labels: labels + [.init("le", bound)], value: Double(count)))
        }
        return samples + [.init(suffix: "_sum", labels: labels, value: state.sum), .init(suffix: "_count", labels: labels, value: Double(count))]
    }
}
