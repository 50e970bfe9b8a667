import BatchAPI

/// The states of a Job, each in one line: active, ready, terminating, succeeded, failed, uncounted, conditions.
enum Trace {
    static func line(_ job: Value) -> String {
        let status = job["status"] ?? .null
        var parts = ["active", "ready", "terminating", "succeeded", "failed"].map { "\($0.first!)\(status[$0]?.int ?? 0)" }
        let uncounted = ["succeeded", "failed"].map { status["uncountedTerminatedPods"]?[$0]?.array?.count ?? 0 }
        if uncounted != [0, 0] { parts.append("u\(uncounted[0])/\(uncounted[1])") }
        for condition in status["conditions"]?.array ?? [] {
            let isTrue = condition["status"]?.string == "True"
            parts.append("\(condition["type"]?.string ?? "")\(isTrue ? "" : "=\(condition["status"]?.string ?? "")")")
        }
        return parts.joined(separator: " ")
    }

    private struct State {
        var counts: [Character: Int] = [:]
        var conditions: [String] = []

        init(_ line: String) {
            for part in line.split(separator: " ") {
                if part.first!.isUppercase { conditions.append(String(part)) } else if "asf".contains(part.first!) {
                    counts[part.first!] = Int(part.dropFirst())
                }
            }
        }
    }

    /// States may be skipped or split up, but the conditions come in the same order and no counter overshoots.
    static func differences(before: [String], wanted: [String], got: [String]) -> [String] {
        if wanted.isEmpty { return [] }
        let recorded = (before + wanted).map(State.init)
        var position = 0
        for line in got {
            let state = State(line)
            guard let place = (position..<recorded.count).first(where: { recorded[$0].conditions.starts(with: state.conditions) }) else {
                return ["trace: unexpected conditions in \"\(line)\"; recorded: \(wanted)"]
            }
            position = place
            for (key, count) in state.counts where count > recorded.map({ $0.counts[key] ?? 0 }).max()! {
                return ["trace: \(key)\(count) in \"\(line)\" overshoots; recorded: \(wanted)"]
            }
        }
        return []
    }
}
