import Metrics
import Synchronization

/// What is told to swift-metrics, kept for GET /metrics. Whoever counts gets it as its `MetricsFactory`; a program may also make it the
/// factory of `MetricsSystem`. Of one name at most 1,000 series are kept: further ones count, but are not shown.
public final class MetricsRegistry: MetricsFactory {
    private struct Key: Hashable {
        var name: String
        var labels: [MetricFamily.Label]
    }

    private struct State {
        var series: [Key: any MetricSeries] = [:]
        var sizes: [String: Int] = [:]
        var refused = 0
    }

    static let maximumSeries = 1000
    private let state = Mutex(State())

    public init() {}

    /// The series of a name and its labels; one that can't be kept is made all the same.
    private func series<Series: MetricSeries>(_ name: String, _ dimensions: [(String, String)], _ make: () -> Series) -> Series {
        let name = MetricFamily.legalName(name), key = Key(name: name, labels: dimensions.map(MetricFamily.Label.init))
        return state.withLock { state in
            if let known = state.series[key] as? Series { return known }
            let new = make()
            guard state.series[key] == nil, state.sizes[name, default: 0] < Self.maximumSeries else {
                state.refused += 1
                return new
            }
            state.sizes[name, default: 0] += 1
            state.series[key] = new
            return new
        }
    }

    private func drop(_ handler: AnyObject) {
        state.withLock { state in
            guard let key = state.series.first(where: { $0.value === handler })?.key else { return }
            state.series[key] = nil
            state.sizes[key.name, default: 1] -= 1
        }
    }

    /// All there is, by name; the series of a name by their labels.
    var families: [MetricFamily] {
        let (series, refused) = state.withLock { ($0.series, $0.refused) }
        var families: [String: MetricFamily] = [:]
        for (key, series) in series.sorted(by: { $0.key.labels.lexicographicallyPrecedes($1.key.labels) }) {
            families[key.name, default: MetricFamily(name: key.name, kind: series.kind)].samples += series.samples(key.labels)
        }
        let lost = MetricFamily("drover_metrics_series_refused_total", .counter, [([], Double(refused))])
        return families.values.sorted { $0.name < $1.name } + [lost]
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler { series(label, dimensions, CounterSeries.init) }

    public func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        series(label, dimensions) { SumSeries(.counter) }
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { series(label, dimensions) { SumSeries(.gauge) } }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate ? series(label, dimensions) { HistogramSeries(MetricNames.buckets(label)) } : series(label, dimensions) { SumSeries(.gauge) }
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions) { HistogramSeries(MetricNames.buckets(label)) }
    }

    public func destroyCounter(_ handler: any CounterHandler) { drop(handler) }
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { drop(handler) }
    public func destroyMeter(_ handler: any MeterHandler) { drop(handler) }
    public func destroyRecorder(_ handler: any RecorderHandler) { drop(handler) }
    public func destroyTimer(_ handler: any TimerHandler) { drop(handler) }
}
