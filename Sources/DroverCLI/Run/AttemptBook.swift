import Broker
import Worker

/// Keeps a Job's attempts as they end: counts, and what failed and was not made good since.
struct AttemptBook {
    private var counts = RunRecord()
    private var byIndex: [Int: RunRecord.Failure] = [:]
    /// Failures without an item.
    private var loose: [RunRecord.Failure] = []
    private static let limit = 10_000

    /// - Parameters:
    ///   - before: the exit code of its last container but the one that is over now; nil if that was the first.
    ///   - tail: the last output of a failed one.
    mutating func add(_ grant: Grant, _ ending: Ending, before: Int? = nil, node: String, tail: [UInt8]) {
        counts.attempts += 1
        if ending.result == .succeeded { return succeeded(grant.items?.lowerBound) }
        // What the end of the run has cut off is no failure of its own.
        guard ending.result == .failed, !ending.isDrained else { return }
        let index = grant.items?.lowerBound, tries = index.flatMap { byIndex[$0]?.item.tries } ?? 0
        let item = JobSummary.FailedItem(
            index: index, text: nil, end: .init(ending), node: node, tries: tries + 1 + ending.restarts, tail: tail)
        failed(RunRecord.Failure(item: item, before: before.map { .exit($0) }, token: grant.token, finishedAt: ending.finishedAt))
    }

    private mutating func succeeded(_ index: Int?) {
        counts.succeeded += 1
        if let index { byIndex[index] = nil }
    }

    private mutating func failed(_ failure: RunRecord.Failure) {
        counts.failed += 1
        let index = failure.item.index, isKnown = index.map { byIndex[$0] != nil } ?? false
        guard isKnown || byIndex.count + loose.count < Self.limit else { return counts.others += 1 }
        if let index { byIndex[index] = failure } else { loose.append(failure) }
    }

    var record: RunRecord {
        var record = counts
        record.failures = loose + byIndex.values.sorted { $0.item.index! < $1.item.index! }
        return record
    }
}

extension Ending {
    /// Ended because the worker was to stop.
    var isDrained: Bool { disruption == "TerminationByKubelet" }
}

/// Names an attempt: tokens count within their Job.
struct AttemptKey: Hashable {
    private let job: String
    private let token: Token

    init(_ grant: Grant) { (job, token) = (grant.job, grant.token) }
}
