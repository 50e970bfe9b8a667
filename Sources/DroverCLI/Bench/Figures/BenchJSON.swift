import BatchAPI

/// The figures of one point as a line of JSON, a contract; the documentation page Benchmarks lists the members. Some may be added.
struct BenchJSON {
    let figures: PointFigures

    var line: String {
        var line = JSONLine(type: "point")
        let point = figures.point
        line.add("workload", .string(point.workload.rawValue))
        for (name, number) in [("payload", point.payload), ("workers", point.workers), ("slots", point.slots), ("parallelism", point.parallelism)] {
            line.add(name, .int(Int64(number)))
        }
        line.add("batch", point.batch.map { .int(Int64($0)) } ?? .null)
        line.add("items", figures.rounds.first.map { .int(Int64($0.items)) } ?? .null)
        line.add("done", .array(figures.rounds.map { .int(Int64($0.done)) }))
        line.add("exact", .bool(figures.faults.isEmpty))
        for (name, spread) in spreads { line.add(name, spread?.value ?? .null) }
        line.add("latency", latency)
        line.add("recovery", recovery)
        return line.line
    }

    private var spreads: [(String, Spread?)] {
        [
            ("items_per_s", figures.spread(\.rate)), ("submit_ms", figures.spread(\.submit)), ("push_per_s", figures.spread(\.pushRate)),
            ("waiting_bytes_per_item", figures.spread(\.waitingBytes)), ("job_bytes_at_end", figures.spread { Double($0.ledgerBytes) }),
            ("redis_us_per_item", figures.spread { $0.microseconds(seconds: $0.redisCPU) }),
            ("redis_calls_per_item", figures.spread(\.callsPerItem)),
            ("worker_us_per_item", figures.spread { $0.microseconds($0.workers.cpu) }),
            ("children_us_per_item", figures.childTime),
            ("coordinator_us_per_item", figures.spread { $0.microseconds($0.coordinator.cpu) }),
            ("submitter_us_per_item", figures.spread { $0.microseconds($0.client.cpu) }),
            ("handler_ms", figures.spread { $0.handlerTime.map { $0 * 1000 } }), ("of_possible", figures.spread(\.efficiency)),
            ("cores_busy", figures.spread(\.coresBusy)),
        ]
    }

    private var latency: Value {
        guard !figures.latencies.isEmpty else { return .null }
        let all = LatencyFigures(all: figures.latencies)
        return [
            "samples": .int(Int64(all.items.count)), "us": all.items.value, "raw_us": all.raw.value, "redis_calls_per_item": .decimal(all.calls),
            "ratio_p50": Spread(figures.latencies.map { $0.ratio(50) })?.value ?? .null,
            "ratio_p99": Spread(figures.latencies.map { $0.ratio(99) })?.value ?? .null,
        ]
    }

    private var recovery: Value {
        guard let recovery = figures.recovery else { return .null }
        return [
            "items": .int(Int64(recovery.items)), "done": .int(Int64(recovery.done)), "exact": .bool(recovery.fault == nil),
            "given_up_after_s": recovery.free.map { .seconds($0) } ?? .null, "done_after_s": recovery.recovered.map { .seconds($0) } ?? .null,
            "total_s": .seconds(recovery.total),
        ]
    }
}

extension Spread {
    fileprivate var value: Value {
        ["median": .decimal(median), "min": .decimal(least), "max": .decimal(most), "rounds": .int(Int64(values.count))]
    }
}

extension Value {
    /// With at most six decimals.
    fileprivate static func decimal(_ number: Double) -> Value { .double((number * 1e6).rounded() / 1e6) }
}

extension Latencies {
    fileprivate var value: Value {
        let percents: [(String, Double)] = [("p50", 50), ("p90", 90), ("p99", 99), ("p99.9", 99.9), ("max", 100)]
        return .object(Dictionary(uniqueKeysWithValues: percents.map { ($0, Value.decimal(microseconds($1))) }))
    }
}
