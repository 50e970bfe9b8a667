import BatchAPI

/// Lines for the differences between a recorded step and the step as it was played now.
struct Comparison {
    let step: ScenarioFile.Step
    let refusals: [Value]
    let now: Value
    /// The last state of the step before.
    let before: [String]

    var differences: [String] {
        let then = step.then
        var lines: [String] = []
        for (wanted, got) in zip(step.actions.compactMap { $0["expect"] }, refusals) {
            lines += differing("expect", wanted.merged(["causes": 0]), got.merged(["causes": 0]))
            lines += uneven("expect.causes", texts(wanted["causes"]), texts(got["causes"]))
        }
        for key in ["job", "jobs", "shown", "warnings"] { lines += differing(key, then[key] ?? .null, now[key] ?? .null) }
        lines += uneven("pods", pods(then), pods(now))
        lines += events(then["events"]?.array ?? [], now["events"]?.array ?? [])
        for key in ["created", "removed"] {
            lines += uneven(key, (then[key]?.strings ?? []).map(Alias.bare), (now[key]?.strings ?? []).map(Alias.bare))
        }
        lines += Trace.differences(before: before, wanted: then["trace"]?.strings ?? [], got: now["trace"]?.strings ?? [])
        for (name, after) in now["created_after_ms"]?.object ?? [:] where Double(after.int ?? 0) < 1000 * (step.options["delay"]?.number ?? 0) {
            lines.append("created_after_ms: \(name) came \(after.int ?? 0) ms after the latest finish")
        }
        return lines.filter { line in !step.ignored.contains { line.hasPrefix($0) } }
    }

    private func texts(_ list: Value?) -> [String] { (list?.array ?? []).map { sorted($0) } }

    private func pods(_ seen: Value) -> [String] {
        (seen["pods"]?.object ?? [:]).flatMap { aliases, pod in aliases.split(separator: " ").map { "\(Alias.bare(String($0))) \(sorted(pod))" } }
    }

    /// Past 25 the recorder of the real controller drops events.
    private func events(_ wanted: [Value], _ got: [Value]) -> [String] {
        let total = wanted.reduce(0) { $0 + ($1.array?.last?.int ?? 0) }
        if total < 25 { return uneven("events", wanted.map { $0.encoded() }, got.map { $0.encoded() }) }
        let names = got.map { $0.array?.dropLast() }
        return wanted.filter { !names.contains($0.array?.dropLast()) }.map { "events: missing: \($0.encoded())" }
    }

    /// Lines for every leaf that differs.
    private func differing(_ path: String, _ wanted: Value, _ got: Value) -> [String] {
        let (left, right) = (flat(wanted, path), flat(got, path))
        return Set(left.keys).union(right.keys).sorted().filter { left[$0] != right[$0] }.map { key in
            "\(key): expected \(left[key]?.encoded() ?? "nothing"), got \(right[key]?.encoded() ?? "nothing")"
        }
    }

    private func flat(_ value: Value, _ path: String) -> [String: Value] {
        guard let members = value.object, !members.isEmpty else { return value.isBlank && value.int == nil ? [:] : [path: value] }
        return members.reduce(into: [:]) { $0.merge(flat($1.value, "\(path).\($1.key)"), uniquingKeysWith: { $1 }) }
    }

    /// Lines for the differences between two multisets.
    private func uneven(_ what: String, _ wanted: [String], _ got: [String]) -> [String] {
        var balance: [String: Int] = [:]
        for text in wanted { balance[text, default: 0] += 1 }
        for text in got { balance[text, default: 0] -= 1 }
        return balance.sorted { $0.key < $1.key }.compactMap { text, count in
            count == 0 ? nil : "\(what): \(abs(count)) \(count > 0 ? "missing" : "too many"): \(text)"
        }
    }

    /// JSON with its keys in order.
    private func sorted(_ value: Value) -> String {
        switch value {
        case .object(let members): "{" + members.sorted { $0.key < $1.key }.map { "\($0.key): \(sorted($0.value))" }.joined(separator: ", ") + "}"
        case .array(let list): "[" + list.map(sorted).joined(separator: ", ") + "]"
        default: value.encoded()
        }
    }
}
