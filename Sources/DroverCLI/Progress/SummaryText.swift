extension JobSummary {
    /// How many failed items are shown to people.
    private static let shownItems = 20
    private static let shownLines = 5

    /// The summary for people, several lines.
    var text: String {
        let counts = "\(attempts) attempt\(attempts == 1 ? "" : "s"), \(succeeded) succeeded, \(failed) failed"
        let job = showsNamespace ? namespace + "/" + name : name
        let head = "\(CleanText.line(job.utf8, columns: 127)): \(outcome.text) in \(SpanText.text(duration)): \(counts)"
        var lines = [head] + failedItems.prefix(Self.shownItems).flatMap { $0.lines(Self.shownLines) }
        let more = max(0, failedItems.count - Self.shownItems) + unlisted
        if more > 0 { lines.append("  ... and \(more) more") }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension JobSummary.Outcome {
    fileprivate var text: String {
        switch self {
        // The usual reason needs no words.
        case .complete("", _), .complete("CompletionsReached", _): "Complete"
        case .complete(let reason, let message): "Complete" + Self.bracketed(reason, message)
        case .failed(let reason, let message): "Failed" + Self.bracketed(reason, message)
        case .unfinished(let reason): "not finished (\(CleanText.line(reason.utf8, columns: 300)))"
        }
    }

    private static func bracketed(_ reason: String, _ message: String) -> String {
        " (" + reason + (message.isEmpty ? "" : ": " + CleanText.line(message.utf8, columns: 300)) + ")"
    }
}

extension JobSummary.FailedItem {
    fileprivate func lines(_ count: Int) -> [String] {
        var head = "  " + (index.map { "item \($0)" } ?? "pod")
        if let text { head += " (\(CleanText.line(text, columns: 80)))" }
        head += ": " + end.text + (node.isEmpty ? "" : " on \(node)")
        head += (cause.isEmpty ? "" : ", \(cause)") + (tries == 1 ? "" : ", tried \(tries) times")
        return [head] + CleanText.lastLines(tail, count: count, columns: 160).map { "    | " + $0 }
    }
}

extension JobSummary.FailedItem.End {
    fileprivate var text: String {
        switch self {
        case .exit(let code): return "exit code \(code)"
        case .signal(let number): return "killed by signal \(number)" + (Self.names[number].map { " (\($0))" } ?? "")
        case .other(let reason): return CleanText.line(reason.utf8, columns: 200)
        }
    }

    private static let names = [
        1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV",
        13: "SIGPIPE", 14: "SIGALRM", 15: "SIGTERM", 24: "SIGXCPU", 25: "SIGXFSZ", 31: "SIGSYS",
    ]
}
