import BatchAPI

extension JobSummary {
    /// The last line of `--progress json`, one for each Job, a contract: `type` ("summary"), `job`, `outcome` ("Complete", "Failed",
    /// "Unfinished"), `reason` and `message` (as the Job's condition has them, or why the run ended), `duration_s`, `attempts`, `succeeded`,
    /// `failed`, `namespace`, and `failed_items`, all that are known: `index` (null for a pod without one), `item` (null without --items; bytes
    /// that are not UTF-8 are replaced, one that is too long to be run is cut), `exit_code`, `signal` (one of them, else both null), `reason`
    /// (why there is neither, or why it was ended), `node`, `tries`, `tail` (the last lines). Members may be added.
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
        line.add("namespace", .string(namespace))
        line.add("failed_items", .array(failedItems.map(\.json)))
        return line.line
    }
}

extension JobSummary.Outcome {
    fileprivate var words: (name: String, reason: String, message: String) {
        switch self {
        case .complete(let reason, let message): ("Complete", reason, message)
        case .failed(let reason, let message): ("Failed", reason, message)
        case .unfinished(let reason): ("Unfinished", reason, "")
        }
    }
}

extension JobSummary.FailedItem {
    fileprivate var json: Value {
        var members: [String: Value] = ["exit_code": .null, "signal": .null, "reason": .string(cause), "node": .string(node)]
        members["tries"] = .int(Int64(tries))
        switch end {
        case .exit(let code): members["exit_code"] = .int(Int64(code))
        case .signal(let number): members["signal"] = .int(Int64(number))
        case .other(let reason): members["reason"] = .string(cause.isEmpty ? reason : "\(reason); \(cause)")
        }
        members["index"] = index.map { .int(Int64($0)) } ?? .null
        members["item"] = text.map { .string(String(decoding: $0, as: UTF8.self)) } ?? .null
        members["tail"] = .array(CleanText.lastLines(tail, count: 5, columns: 1000).map { .string($0) })
        return .object(members)
    }
}
