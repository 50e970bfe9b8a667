import BatchAPI

extension ProgressState {
    /// The line of `--progress json`, a contract: `type` ("progress"), `done` (failed included), `total` (null if unknown), `active`,
    /// `failed`, `retries`, `rate` (items per second), `eta_s` (null if unknown), `elapsed_s`. Members may be added.
    var json: String {
        var line = JSONLine(type: "progress")
        line.add("done", .int(Int64(counts.done)))
        line.add("total", counts.total.map { .int(Int64($0)) } ?? .null)
        line.add("active", .int(Int64(counts.active)))
        line.add("failed", .int(Int64(counts.failed)))
        line.add("retries", .int(Int64(counts.retries)))
        line.add("rate", .seconds(rate))
        line.add("eta_s", eta.map { .seconds($0) } ?? .null)
        line.add("elapsed_s", .seconds(Double(elapsed) / 1000))
        return line.line
    }
}
