import BatchAPI
import Broker
import Worker

/// Puts together what became of the Jobs of a run.
struct RunReport {
    let jobs: [Job]
    let work: any RunWork
    let broker: any Broker
    let elapsed: Duration
    /// Why Jobs that have not ended did not.
    var interruption = "stopped"

    func summaries() async -> [JobSummary] {
        var summaries: [JobSummary] = []
        for job in jobs { summaries.append(await summary(job)) }
        return summaries
    }

    private func summary(_ job: Job) async -> JobSummary {
        let record = work.record(of: job.metadata.uid), status = job.status
        // What is stored of a Job that goes on lags behind, by chance.
        let isCounted = status.isFinished
        let succeeded = isCounted ? status.succeeded : record.succeeded, failed = isCounted && work.makesPods ? status.failed : record.failed
        // Items that succeed in chunks are not told of one by one.
        var summary = JobSummary(
            name: job.metadata.name, outcome: outcome(status), duration: seconds, attempts: max(record.attempts, succeeded + failed),
            succeeded: succeeded, failed: failed)
        (summary.namespace, summary.unlisted) = (job.metadata.namespace, record.others)
        summary.showsNamespace = jobs.count { $0.metadata.name == job.metadata.name } > 1
        summary.failedItems = await failedItems(job, record)
        return summary
    }

    private var seconds: Double { Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18 }

    private func outcome(_ status: JobStatus) -> JobSummary.Outcome {
        if let complete = status.condition("Complete"), complete.isTrue { return .complete(reason: complete.reason, message: complete.message) }
        guard let failed = status.condition("Failed"), failed.isTrue else { return .unfinished(reason: interruption) }
        return .failed(reason: failed.reason, message: failed.message)
    }

    /// Attempts that the Job's end has cut off say so; those that its success has cut off did not fail.
    private func failedItems(_ job: Job, _ record: RunRecord) async -> [JobSummary.FailedItem] {
        let cut = await cutOff(job, record)
        let cause = job.status.isTrue("Complete") ? nil : Self.cause(job.status.condition("Failed")?.reason ?? "")
        return record.failures.compactMap { failure in
            guard cut.contains(failure.token) else { return failure.item }
            guard let cause else { return nil }
            var item = failure.item
            // What was ended tells less than what failed before it.
            (item.cause, item.end) = (cause, failure.before ?? item.end)
            return item
        }
    }

    private static func cause(_ reason: String) -> String {
        reason == "DeadlineExceeded" ? "ended by the Job's deadline" : "ended as the Job failed"
    }

    /// Attempts that were deleted by the Job's end: ended since then, and not stored as failed pods.
    private func cutOff(_ job: Job, _ record: RunRecord) async -> Set<Token> {
        guard work.makesPods, job.status.isFinished, let decided = Self.decided(job.status) else { return [] }
        let late = record.failures.filter { $0.token != Ending.noToken && $0.finishedAt / 1000 >= decided.milliseconds / 1000 }.map(\.token)
        guard !late.isEmpty, let pods = try? await broker.pods(uid: job.metadata.uid) else { return [] }
        return Set(late).subtracting(pods.filter { $0.phase == "Failed" && $0.deletion == nil }.map(\.token))
    }

    /// When it was decided that the Job ends.
    private static func decided(_ status: JobStatus) -> Timestamp? {
        let types = ["FailureTarget", "SuccessCriteriaMet", "Failed", "Complete"]
        return types.lazy.compactMap { status.condition($0) }.first { $0.isTrue }?.lastTransitionTime
    }
}

extension ProgressState.Counts {
    /// All Jobs of a run together.
    init(_ jobs: [Job]) {
        self.init()
        let totals = jobs.map(\.spec.completions)
        total = totals.contains(nil) ? nil : totals.compactMap { $0 }.reduce(0, +)
        for job in jobs {
            let failedIndexes = job.status.failedIndexes.map { IndexRanges(lenient: $0, completions: job.spec.completions ?? 0).count } ?? 0
            done += job.status.succeeded + failedIndexes
            active += job.status.active
            failed += job.spec.backoffLimitPerIndex == nil ? job.status.failed : failedIndexes
            if job.spec.backoffLimitPerIndex != nil { retries += max(0, job.status.failed - failedIndexes) }
        }
    }
}
