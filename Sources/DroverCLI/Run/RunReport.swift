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
    private static let failureLimit = 1000

    func summaries() async -> [JobSummary] {
        var summaries: [JobSummary] = []
        for job in jobs { summaries.append(await summary(job)) }
        return summaries
    }

    private func summary(_ job: Job) async -> JobSummary {
        let status = job.status
        let failures = await failures(job)
        return JobSummary(
            name: job.metadata.name, outcome: outcome(status), duration: seconds, attempts: work.attempts(of: job.metadata.uid),
            succeeded: status.succeeded, failed: work.failures == nil ? status.failed : failures.count, failedItems: failures)
    }

    private var seconds: Double { Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18 }

    private func outcome(_ status: JobStatus) -> JobSummary.Outcome {
        if status.isTrue("Complete") { return .complete }
        guard let failed = status.condition("Failed"), failed.isTrue else { return .unfinished(reason: interruption) }
        return .failed(reason: failed.reason, message: failed.message)
    }

    private func failures(_ job: Job) async -> [JobSummary.FailedItem] {
        if let known = work.failures { return known }
        guard job.status.failed > 0, let pods = try? await broker.pods(uid: job.metadata.uid) else { return [] }
        return Self.failedItems(pods)
    }

    /// One entry for each item that was not done in the end, with its last attempt; one for each pod that had no item.
    static func failedItems(_ pods: [PodRecord]) -> [JobSummary.FailedItem] {
        var items: [JobSummary.FailedItem] = []
        for (index, tries) in Dictionary(grouping: pods, by: \.index) {
            let failed = tries.filter { $0.phase == "Failed" }.sorted { $0.token < $1.token }
            if index == nil { items += failed.map { item($0, tries: 1) } } else if !tries.contains(where: { $0.phase == "Succeeded" }) {
                items += failed.suffix(1).map { item($0, tries: failed.count) }
            }
        }
        return Array(items.sorted { ($0.index ?? -1) < ($1.index ?? -1) }.prefix(failureLimit))
    }

    private static func item(_ pod: PodRecord, tries: Int) -> JobSummary.FailedItem {
        JobSummary.FailedItem(index: pod.index, text: nil, end: .init(pod), node: pod.node, tries: tries, tail: Array(pod.tail.utf8))
    }
}

extension JobSummary.FailedItem.End {
    init(_ pod: PodRecord) {
        if let code = pod.exitCode, pod.message.isEmpty { self = .exit(code) } else {
            self = .other(pod.message.isEmpty ? pod.reason : "\(pod.reason): \(pod.message)")
        }
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
