import BatchAPI

extension Pass {
    /// Writes the counters as they are once the verdicts and the cut are applied (R4, R28).
    mutating func countAttempts() {
        let deleted = cut == nil ? 0 : tally.active
        status.active = tally.active - deleted
        status.ready = cut == nil ? min(tally.ready, tally.active) : 0
        status.terminating = tally.terminating + deleted
        status.succeeded = tally.succeeded
        status.failed = failed - late + (cut == .counted && !tally.isBlind ? deleted + tally.kept : 0)
        status.completedIndexes = spec.isIndexed ? tally.completedIndexes ?? "" : ""
        status.failedIndexes = limitPerIndex == nil ? nil : failedIndexesText
        // Outcomes are counted in one step, so none is ever staged (R22).
        status.uncountedTerminatedPods = .object([:])
    }

    /// Failures that count only when their index is tried again (R36), or will not be because the Job ends or goes.
    private var late: Int { ending == nil && !isBeingDeleted ? tally.late + judgement.late : 0 }

    /// The ledger's text, with the indexes that fail in this pass (R60).
    private var failedIndexesText: String {
        let text = tally.failedIndexesText ?? ""
        if judgement.failedIndexes.isEmpty { return text }
        var indexes = IndexRanges(lenient: text, completions: spec.completions ?? 0)
        for range in judgement.failedIndexes.ranges { indexes.insert(range) }
        return indexes.text
    }
}
