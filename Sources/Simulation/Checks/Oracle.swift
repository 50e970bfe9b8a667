import BatchAPI
import Broker

/// Whether a finished Job's status is one that the semantics page allows, from its spec, its pods and what was seen of them. It shares no
/// code with the controller.
struct Oracle {
    let view: LedgerView
    /// As it was when the end was decided, or came.
    let spec: JobSpec
    let pods: [PodRecord]
    let story: Story
    /// Not every failure was seen, or some were forgotten: only what the status itself shows is judged.
    let hasForgotten: Bool

    private var status: JobStatus { view.job.status }

    var complaints: [String] {
        guard status.isFinished else { return ["it has not ended"] }
        return conditions + counters + ending
    }

    /// The terminal condition, once, after its interim one with the same words (R50-R53).
    private var conditions: [String] {
        let terminal = status.conditions.filter { $0.isTrue && ["Complete", "Failed"].contains($0.type) }
        guard terminal.count == 1, let end = terminal.first else { return ["it has \(terminal.count) terminal conditions"] }
        let interim = status.conditions.first { $0.isTrue && $0.type == (end.type == "Complete" ? "SuccessCriteriaMet" : "FailureTarget") }
        guard let interim, interim.reason == end.reason, interim.message == end.message else { return ["\(end.type) without its interim condition"] }
        if (status.completionTime != nil) != (end.type == "Complete") { return ["completionTime is wrong for \(end.type)"] }
        return []
    }

    private var counters: [String] {
        var lines: [String] = []
        if status.active != 0 || status.terminating != 0 || status.ready != 0 { lines.append("it ended with \(status.active) active") }
        if view.active != 0 || !view.held.isEmpty { lines.append("its ledger has \(view.active) active, \(view.held.count) held") }
        if spec.isIndexed {
            let completed = IndexRanges(lenient: status.completedIndexes, completions: .max)
            if completed.count != status.succeeded { lines.append("\(status.succeeded) succeeded, but \(status.completedIndexes)") }
        }
        if pods.contains(where: { !$0.isCounted && $0.isTerminal }) { lines.append("a finished pod still has its finalizer") }
        return lines
    }

    private var ending: [String] {
        let end = status.conditions.last { $0.isTrue && ["Complete", "Failed"].contains($0.type) }
        switch end?.reason {
        case "CompletionsReached": return completions
        case "SuccessPolicy": return successPolicy
        case "BackoffLimitExceeded": return backoffLimit
        case "DeadlineExceeded": return spec.activeDeadlineSeconds == nil ? ["it exceeded a deadline that it does not have"] : deadline(end)
        case "MaxFailedIndexesExceeded":
            let most = spec.maxFailedIndexes ?? Int.max
            return failedIndexes.count > most || wasResized ? perIndex : ["\(failedIndexes.count) indexes failed, \(most) may"]
        case "FailedIndexes":
            let isOver = failedIndexes.count > 0 && failedIndexes.count + status.succeeded >= spec.completions ?? 0
            return isOver || wasResized ? perIndex : ["indexes are left to run"]
        case "PodFailurePolicy":
            let matches = hasForgotten || story.failures.values.contains { rules.action($0) == "FailJob" }
            return matches ? [] : ["no pod matched a FailJob rule"]
        default: return ["it ended for the reason \(end?.reason ?? "none")"]
        }
    }

    /// Indexes may have been cut off while it was ending.
    private var wasResized: Bool { Set(story.specsAtEnd.map(\.completions)).count > 1 }
    private var rules: FailureRules { FailureRules(spec.podFailurePolicy, ignoresDisruptions: story.ignoresDisruptions) }
    private var failedIndexes: IndexRanges { IndexRanges(lenient: status.failedIndexes ?? "", completions: spec.completions ?? 0) }
    private var counted: [Story.Failure] { story.failures.values.filter { rules.action($0) != "Ignore" } }

    private var completions: [String] {
        guard let wanted = spec.completions else { return status.succeeded > 0 ? failures : ["a work queue completed without a success"] }
        if status.succeeded < wanted { return ["complete with \(status.succeeded) of \(wanted)"] }
        let completed = IndexRanges(lenient: status.completedIndexes, completions: wanted)
        if spec.isIndexed, completed.count != wanted { return ["complete, but only \(status.completedIndexes) is done"] }
        if status.isTrue("Complete"), failedIndexes.count > 0 { return ["complete with failed indexes"] }
        return failures
    }

    /// R31: exactly the failures that count, where nothing was taken away uncounted.
    private var failures: [String] {
        if story.isEdited || hasForgotten || !story.deleted.isEmpty { return [] }
        return status.failed == counted.count ? [] : ["\(status.failed) failed, but \(counted.count) attempts did and count"]
    }

    private var successPolicy: [String] {
        let done = IndexRanges(lenient: status.completedIndexes, completions: spec.completions ?? 0)
        let isMet = (spec.successPolicy?["rules"]?.array ?? []).contains { rule in
            if let count = rule["succeededCount"]?.int { return done.count >= count }
            return rule["succeededIndexes"]?.string == "0" && done.contains(0)
        }
        return isMet ? [] : ["no rule of its successPolicy is met by \(done.text)"]
    }

    /// R31, R32.
    private var backoffLimit: [String] {
        if hasForgotten || story.isEdited || !story.deleted.isEmpty { return [] }
        let limit = spec.backoffLimit ?? 6
        if spec.template.spec.restartPolicy == "OnFailure" { return status.failed > 0 || limit == 0 ? [] : ["nothing failed"] }
        if counted.count <= limit { return ["\(counted.count) attempts failed, \(limit) may"] }
        return []
    }

    private func deadline(_ end: JobCondition?) -> [String] {
        guard let start = status.startTime, let time = status.conditions.first(where: { $0.type == "FailureTarget" })?.lastTransitionTime else {
            return ["it exceeded its deadline without a startTime"]
        }
        let limit = Int64(spec.activeDeadlineSeconds ?? 0) * 1000
        if story.hasDeadlineEdit || time.milliseconds - start.milliseconds >= limit { return [] }
        return ["it was ended before its deadline"]
    }

    /// R38: an index fails with its last permitted failure, or by a rule.
    private var perIndex: [String] {
        guard let limit = spec.backoffLimitPerIndex, !hasForgotten, !story.isEdited else { return [] }
        for index in (0..<(spec.completions ?? 0)) where failedIndexes.contains(index) {
            let failures = counted.filter { $0.index == index }
            let isRuled = failures.contains { rules.action($0) == "FailIndex" }
            if !isRuled, failures.count <= limit { return ["index \(index) failed with \(failures.count) failures, \(limit) may be"] }
        }
        return []
    }
}
