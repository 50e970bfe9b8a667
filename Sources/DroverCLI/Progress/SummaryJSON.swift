import BatchAPI

extension JobSummary {
    /// The last line of `--progress json`, one for each Job, a contract: `type` ("summary"), `job`, `outcome` ("Complete", "Failed",
    /// "Unfinished"), `reason` and `message` (empty unless Failed or Unfinished), `duration_s`, `attempts`, `succeeded`, `failed`, and
    /// `failed_items`, all that are known: `index` (null for a pod without one), `item` (null without --items; bytes that are not UTF-8
    /// are replaced), `exit_code`, `signal` (one of them, else both null), `reason`, `node`, `tries`, `tail` (the last lines). Members may be added.
    var json: String {
        var line = JSONLine(type: "summary")
        let (name, reason, message) = outcome.words
        line.add("job", .string(self.name))
        line.add("outcome", .string(name))
        line.add("reason", .string(reason))
        line.add("message", .string(message))
        line.add("duration_s", .seconds(duration))
        line.add("attempts", .int(Int64(attempts)))
        line.add("succeeded", .int(Int64(succeeded)))
        line.add("failed", .int(Int64(failed)))
        line.add("failed_items", .array(failedItems.map(\.json)))
        return line.line
    }
}

extension JobSummary.Outcome {
    fileprivate var words: (name: String, reason: String, message: String) {
        switch self {
        case .complete: ("Complete", "", "")
        case .failed(let reason, let message): ("Failed", reason, message)
        case .unfinished(let reason): ("Unfinished", reason, "")
        }
    }
}

extension JobSummary.FailedItem {
    fileprivate var json: Value {
        var members: [String: Value] = ["exit_code": .null, "signal": .null, "reason": .string(""), "node": .string(node), "tries": .int(Int64(tries))]
        switch end {
        case .exit(let code): members["exit_code"] = .int(Int64(code))
        case .signal(let number): members["signal"] = .int(Int64(number))
        case .other(let reason): members["reason"] = .string(reason)
        }
        members["index"] = index.map { .int(Int64($0)) } ?? .null
        members["item"] = text.map { .string(String(decoding: $0, as: UTF8.self)) } ?? .null
        members["tail"] = .array(CleanText.lastLines(tail, count: 5, columns: 1000).map { .string($0) })
        return .object(members)
    }
}
