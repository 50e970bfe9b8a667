import BatchAPI

extension Pass {
    /// Whether attempts may start. A back-off leaves it open, so that the ledger can go on by itself when that is over.
    var gate: Gate {
        if status.isTrue("Failed") { return .shut("Failed") }
        if status.isTrue("Complete") { return .shut("Complete") }
        if let ending { return .shut(ending.interimType) }
        if isBeingDeleted { return .shut("Deleting") }
        if isSuspended { return .shut("Suspended") }
        if selectsEverything { return .shut("EmptySelector") }
        if isDraining { return .shut("WorkQueueDraining") }
        return isCrowded ? .shut("Terminating") : .open
    }

    /// With an empty selector every pod would be the Job's own: none is made.
    private var selectsEverything: Bool {
        guard let selector = spec.selector else { return false }
        return LabelSelector(selector)?.requirements.isEmpty ?? false
    }

    /// How many attempts may be active.
    var permits: Int {
        if ending != nil { return 0 }
        if isBeingDeleted { return tally.active }
        if isSuspended { return 0 }
        guard replacesOnlyFailed else { return want }
        // Terminating attempts keep their places, but no active one is surplus for that (R12).
        return min(want, max(want - tally.terminating, tally.active))
    }

    /// How many attempts should run side by side (R8-R10). Failed indexes are never tried again, so they ask for no place.
    private var want: Int {
        let parallelism = max(spec.parallelism ?? 1, 0)
        guard let completions = spec.completions else { return isDraining ? tally.active : parallelism }
        return max(min(parallelism, completions - tally.succeeded - failedIndexes), 0)
    }

    /// Active and terminating attempts together fill more places than there are, as after a shrink: an active one that ends is not
    /// replaced until there are places again (R46).
    private var isCrowded: Bool {
        replacesOnlyFailed && tally.active <= want && tally.active + tally.terminating > want
    }
}
