import BatchAPI
import Glibc
import Worker

/// Where a benchmark ran.
struct BenchHost: Sendable {
    var redis: String
    var sync: String
    var cores: Int
    var system: String

    static func of(_ system: BenchSystem) async throws -> BenchHost {
        let settings = system.settings
        let sync = settings.redis != nil ? "as given" : settings.sync?.rawValue ?? "off"
        return BenchHost(redis: try await system.usage().version, sync: sync, cores: settings.cores, system: kernel())
    }

    private static func kernel() -> String {
        var name = utsname()
        uname(&name)
        return withUnsafeBytes(of: &name.release) { "Linux " + String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    var text: String { "Redis \(redis), AOF \(sync), \(cores) cores, \(system)" }

    var json: String {
        var line = JSONLine(type: "host")
        line.add("redis", .string(redis))
        line.add("aof", .string(sync))
        line.add("cores", .int(Int64(cores)))
        line.add("system", .string(system))
        line.add("drover", .string(DroverCommand.configuration.version))
        return line.line
    }
}

/// The figures of a benchmark for people.
struct BenchText {
    let figures: [PointFigures]
    let cores: Int

    var text: String {
        let tables = [("", rates), ("Per item\n", costs), ("From submit to the start of the handler, idle, in us\n", latencies), ("A worker killed (-9) and replaced\n", recoveries)]
        return tables.filter { !$0.1.isEmpty }.map { $0.0 + $0.1.text }.joined(separator: "\n")
    }

    private func amount(_ spread: Spread?) -> String? { spread.map { AmountText.text($0.median) } }
    private func digits(_ spread: Spread?) -> String? { spread.map { AmountText.digits($0.median) } }
    private func range(_ spread: Spread?) -> String? { spread.map { "\(AmountText.text($0.least))..\(AmountText.text($0.most))" } }
    private func percent(_ spread: Spread?) -> String? { spread.map { "\(Int(($0.median * 100).rounded())) %" } }

    private var rates: TextTable {
        var table = TextTable(["workload", "items", "items/s", "from..to", "submit ms", "push/s", "from..to", "handler ms", "of possible", "cores busy"])
        for figures in figures {
            let rate = figures.spread(\.rate), push = figures.spread(\.pushRate)
            table.add([
                figures.point.text, amount(figures.spread { Double($0.done) }), amount(rate), range(rate), digits(figures.spread(\.submit)), amount(push),
                range(push), digits(figures.spread { $0.handlerTime.map { $0 * 1000 } }), percent(figures.efficiency(cores: cores)),
                percent(figures.spread(\.coresBusy)),
            ])
        }
        return table
    }

    private var costs: TextTable {
        var table = TextTable([
            "workload", "redis us", "redis calls", "worker us", "its children us", "coordinator us", "submitter us", "bytes waiting", "Job's bytes at its end",
        ])
        for figures in figures {
            table.add([
                figures.point.text, digits(figures.spread { $0.microseconds(seconds: $0.redisCPU) }),
                digits(figures.spread { $0.done > 0 ? Double($0.redisCalls) / Double($0.done) : nil }), digits(figures.spread { $0.microseconds($0.workers.cpu) }),
                digits(figures.childTime),
                digits(figures.spread { $0.microseconds($0.coordinator.cpu) }), digits(figures.spread { $0.microseconds($0.client.cpu) }),
                digits(figures.spread(\.waitingBytes)), amount(figures.spread { Double($0.ledgerBytes) }),
            ])
        }
        return table
    }

    private var latencies: TextTable {
        var table = TextTable([
            "workload", "samples", "p50", "p90", "p99", "p99.9", "max", "raw p50", "raw p99", "ratio p50", "from..to", "ratio p99", "from..to", "redis calls",
        ])
        for figures in figures where !figures.latencies.isEmpty {
            let all = LatencyFigures(all: figures.latencies)
            let ratios = [50.0, 99.0].map { percent in Spread(figures.latencies.map { $0.ratio(percent) }) }
            table.add(
                [figures.point.text, "\(all.items.count)"] + [50, 90, 99, 99.9, 100].map { AmountText.digits(all.items.microseconds($0)) }
                    + [50, 99].map { AmountText.digits(all.raw.microseconds($0)) }
                    + [digits(ratios[0]), range(ratios[0]), digits(ratios[1]), range(ratios[1]), AmountText.digits(all.calls)])
        }
        return table
    }

    private var recoveries: TextTable {
        var table = TextTable(["workload", "items", "done", "exact", "given up after s", "done by others after s", "in all s"])
        for figures in figures {
            guard let recovery = figures.recovery else { continue }
            table.add([
                figures.point.text, "\(recovery.items)", "\(recovery.done)", recovery.fault == nil ? "yes" : "NO", recovery.free.map { AmountText.digits($0) },
                recovery.recovered.map { AmountText.digits($0) }, AmountText.digits(recovery.total),
            ])
        }
        return table
    }
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

/// The figures of one point as a line of JSON, a contract; the documentation page Benchmarks lists the members. Some may be added.
struct BenchJSON {
    let figures: PointFigures
    let cores: Int

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
            ("redis_calls_per_item", figures.spread { $0.done > 0 ? Double($0.redisCalls) / Double($0.done) : nil }),
            ("worker_us_per_item", figures.spread { $0.microseconds($0.workers.cpu) }),
            ("children_us_per_item", figures.childTime),
            ("coordinator_us_per_item", figures.spread { $0.microseconds($0.coordinator.cpu) }),
            ("submitter_us_per_item", figures.spread { $0.microseconds($0.client.cpu) }),
            ("handler_ms", figures.spread { $0.handlerTime.map { $0 * 1000 } }), ("of_possible", figures.efficiency(cores: cores)),
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
