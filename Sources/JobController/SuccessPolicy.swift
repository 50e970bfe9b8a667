import BatchAPI

extension Pass {
    /// The first rule of the successPolicy that the completed indexes meet (R52).
    var successPolicyMatch: Int? {
        guard spec.isIndexed, let completions = spec.completions, let rules = spec.successPolicy?["rules"]?.array else { return nil }
        let completed = IndexRanges(lenient: tally.completedIndexes ?? "", completions: completions)
        guard !completed.isEmpty else { return nil }
        return rules.firstIndex { isMet($0, by: completed, completions: completions) }
    }

    private func isMet(_ rule: Value, by completed: IndexRanges, completions: Int) -> Bool {
        let wanted = rule["succeededCount"]?.int
        guard let text = rule["succeededIndexes"]?.string else {
            guard let wanted else { return false }
            return completed.count >= wanted
        }
        let listed = IndexRanges(lenient: text, completions: completions)
        guard !listed.isEmpty else { return false }
        return completed.commonCount(with: listed) >= min(wanted ?? listed.count, listed.count)
    }
}

extension IndexRanges {
    /// How many indexes both sets hold.
    fileprivate func commonCount(with other: IndexRanges) -> Int {
        var (mine, theirs, count) = (0, 0, 0)
        while mine < ranges.count, theirs < other.ranges.count {
            let (left, right) = (ranges[mine], other.ranges[theirs])
            if left.overlaps(right) { count += left.clamped(to: right).count }
            if left.upperBound < right.upperBound { mine += 1 } else { theirs += 1 }
        }
        return count
    }
}
