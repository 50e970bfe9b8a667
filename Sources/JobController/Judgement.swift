import BatchAPI

/// What was decided about the attempts held for a verdict.
struct Judgement {
    var verdicts: [Verdict] = []
    /// How many of them count as failed.
    var counted = 0
    /// How many of these show only when their index is tried again (R36).
    var late = 0
    /// Indexes that have failed for good by them (R38).
    var failedIndexes = IndexRanges()
    /// Finish times of the failures that the back-off knows, ignored ones included (R33).
    var failureTimes: [Timestamp] = []
    /// The message of the first FailJob match (R44).
    var failJobMessage: String?
}

extension Pass {
    /// Gives each undecided attempt its verdict. How the Job as a whole ends does not bear on it, so every item keeps its state.
    mutating func judgeFailures() {
        for outcome in tally.undecided { judge(outcome) }
    }

    private mutating func judge(_ outcome: Outcome) {
        guard isOwnItem(outcome) else { return record(.drop, on: outcome, isCounted: false) }
        if options.ignoresDisruptions, outcome.isDisruption { return record(.retry, on: outcome, isCounted: false) }
        let match = failurePolicyMatch(outcome)
        let isCounted = match?.action != .ignore
        judgement.failureTimes.append(outcome.finishedAt)
        if match?.action == .failJob { judgement.failJobMessage = judgement.failJobMessage ?? match?.message }
        if let index = outcome.index, failsIndex(outcome, match?.action, isCounted: isCounted) {
            judgement.failedIndexes.insert(index)
            return record(.failIndex, on: outcome, isCounted: isCounted, match)
        }
        record(isDraining ? .drop : .retry, on: outcome, isCounted: isCounted, match, notBefore: indexNotBefore(outcome))
    }

    /// Indexed attempts without an index, or with one that a shrink has cut off, never count (R4, R21).
    private func isOwnItem(_ outcome: Outcome) -> Bool {
        guard spec.isIndexed else { return true }
        guard let index = outcome.index else { return false }
        return index >= 0 && index < spec.completions ?? 0
    }

    private mutating func record(
        _ fate: Verdict.Fate, on outcome: Outcome, isCounted: Bool, _ match: FailurePolicyMatch? = nil, notBefore: Timestamp? = nil
    ) {
        var verdict = Verdict(token: outcome.token, fate: fate, isCounted: isCounted, notBefore: notBefore)
        verdict.policyAction = match?.action.rawValue
        judgement.verdicts.append(verdict)
        if isCounted { judgement.counted += 1 }
        if isCounted, fate == .retry, limitPerIndex != nil, !options.countsAtOnce { judgement.late += 1 }
    }
}
