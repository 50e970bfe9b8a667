import BatchAPI
import Drover

/// Waits for the end of a Job, at most for a while, and shows how far it is.
struct BenchWatch: Sendable {
    let job: SubmittedJob
    /// nil: more than anybody waits for.
    let total: Int?
    /// After it the Job is suspended: what is not done then is left.
    let limit: Duration
    let display: ProgressDisplay?
    /// Called now and then; if it throws there is no use in waiting.
    let check: @Sendable () throws -> Void

    struct End: Sendable {
        var progress: JobProgress
        var at: ContinuousClock.Instant
        var isCut: Bool
    }

    private static let interval = Duration.milliseconds(200), patience = Duration.seconds(3)
    /// For what runs when a Job is cut.
    private static let grace = Duration.seconds(30)

    func run() async throws -> End {
        let deadline = ContinuousClock.now + limit
        return try await withThrowingTaskGroup(of: End?.self) { group in
            group.addTask {
                let progress = try await job.wait()
                return End(progress: progress, at: .now, isCut: false)
            }
            group.addTask {
                while true {
                    try check()
                    try await Task.sleep(for: Self.interval)
                }
            }
            group.addTask {
                try await show(until: deadline)
                return nil
            }
            defer { group.cancelAll() }
            if let first = try await group.next(), let end = first { return end }
            return try await cut()
        }
    }

    private func show(until deadline: ContinuousClock.Instant) async throws {
        guard let display else { return try await Task.sleep(until: deadline) }
        var state = ProgressState(.init(), now: display.now)
        // Short rounds end before anybody asks how far they are.
        if display.style != .bar { try await Task.sleep(until: min(.now + Self.patience, deadline)) }
        while ContinuousClock.now < deadline {
            let progress = try await job.progress()
            let counts = ProgressState.Counts(done: progress.succeeded, total: total, active: progress.active, failed: progress.failed)
            state.update(counts, now: display.now)
            display.show(state)
            try await Task.sleep(until: min(.now + Self.interval, deadline))
        }
    }

    /// Lets nothing more start; what runs is counted.
    private func cut() async throws -> End {
        try await job.suspend()
        let at = ContinuousClock.now
        while true {
            let progress = try await job.progress()
            if progress.active == 0 || progress.outcome != nil || ContinuousClock.now - at > Self.grace { return End(progress: progress, at: at, isCut: true) }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}

extension BenchWatch.End {
    /// Why not exactly so many items are done, each once.
    func fault(_ what: String, of items: Int) -> String? {
        if isCut { return progress.succeeded <= items && progress.outcome == nil ? nil : "\(what): \(progress.words)" }
        let all = items == 1 ? "0" : "0-\(items - 1)"
        if progress.outcome == .complete, progress.succeeded == items, progress.completedIndexes == all { return nil }
        return "\(what): of \(items) items, \(progress.words)"
    }
}

extension JobProgress {
    /// In a line.
    var words: String {
        var words = "\(succeeded) succeeded, \(failed) failed, \(active) active"
        if case .failed(let reason, let message)? = outcome { words += "; \(reason): \(message)" }
        return words + (completedIndexes.utf8.count <= 100 ? "; completed: \(completedIndexes)" : "")
    }
}
