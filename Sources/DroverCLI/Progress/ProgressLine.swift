/// The progress as one line of text.
enum ProgressLine {
    /// A line of at most `width` columns: ` 37% [#####.....] 3700/10000  active 8  failed 2  412/s  eta 15s`. Where there is
    /// little room the bar shrinks and goes first, then the fields from the right.
    static func bar(_ state: ProgressState, width: Int) -> String {
        var fields = self.fields(state)
        while fields.count > 1, length(fields) > width { fields.removeLast() }
        let room = width - length(fields) - 3
        guard let fraction = state.fraction, fields.count > 1, room >= 8 else { return String(joined(fields).prefix(max(0, width))) }
        let cells = min(40, room), full = Int(fraction * Double(cells))
        let bar = "[" + String(repeating: "#", count: full) + String(repeating: ".", count: cells - full) + "]"
        return fields[0] + " " + bar + " " + joined(Array(fields.dropFirst()))
    }

    /// The same without a bar, of any width.
    static func plain(_ state: ProgressState) -> String {
        joined(fields(state) + (state.eta == nil || state.isComplete ? [SpanText.text(Double(state.elapsed) / 1000)] : []))
    }

    private static func fields(_ state: ProgressState) -> [String] {
        let counts = state.counts
        var fields = counts.total.map { [percent(state), "\(counts.done)/\($0)"] } ?? ["\(counts.done) done"]
        if !state.isComplete { fields.append("active \(counts.active)") }
        fields.append("failed \(counts.failed)")
        if counts.retries > 0 { fields.append("retries \(counts.retries)") }
        if state.rate > 0 { fields.append(SpanText.rate(state.rate)) }
        if let eta = state.eta, !state.isComplete { fields.append("eta " + SpanText.text(eta)) }
        return fields
    }

    /// Rounded down: 100% is all of it.
    private static func percent(_ state: ProgressState) -> String {
        let text = String(Int((state.fraction ?? 0) * 100))
        return String(repeating: " ", count: 3 - text.count) + text + "%"
    }

    private static func joined(_ fields: [String]) -> String {
        guard let first = fields.first, first.hasSuffix("%"), fields.count > 1 else { return fields.joined(separator: "  ") }
        return first + " " + fields.dropFirst().joined(separator: "  ")
    }

    private static func length(_ fields: [String]) -> Int { joined(fields).utf8.count }
}

extension ProgressState {
    var isComplete: Bool { counts.total == counts.done }
}
