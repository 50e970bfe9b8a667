/// The figures of a benchmark for people.
struct BenchText {
    let figures: [PointFigures]

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
                range(push), digits(figures.spread { $0.handlerTime.map { $0 * 1000 } }), percent(figures.spread(\.efficiency)),
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
                digits(figures.spread(\.callsPerItem)), digits(figures.spread { $0.microseconds($0.workers.cpu) }),
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
