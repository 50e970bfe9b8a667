import BatchAPI

extension Pass {
    /// When the index of a failed attempt may be tried again (R37); nil without limits per index.
    func indexNotBefore(_ outcome: Outcome) -> Timestamp? {
        guard limitPerIndex != nil else { return nil }
        let failures = min(max(outcome.indexFailures, 0) + max(outcome.indexIgnores, 0), Int(Int32.max)) + 1
        return outcome.finishedAt.adding(milliseconds: options.delay(failures: failures))
    }

    /// Whether an attempt fails its index for good: by a FailIndex rule, or as the last of the k+1 that a limit of k allows (R38).
    func failsIndex(_ outcome: Outcome, _ action: FailurePolicyMatch.Action?, isCounted: Bool) -> Bool {
        guard let limitPerIndex else { return false }
        return action == .failIndex || isCounted && outcome.indexFailures >= limitPerIndex
    }

    /// Whether more indexes failed than the Job puts up with (R39).
    var exceedsFailedIndexes: Bool {
        guard limitPerIndex != nil, let limit = spec.maxFailedIndexes else { return false }
        return failedIndexes > limit
    }

    /// Whether every index is done or failed, and one has failed (R40).
    var hasOnlyFailedIndexesLeft: Bool {
        guard limitPerIndex != nil, let completions = spec.completions else { return false }
        return failedIndexes > 0 && failedIndexes + tally.succeeded >= completions
    }
}
