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
        return .open
    }

    /// With an empty selector every pod would be the Job's own: none is made.
    private var selectsEverything: Bool {
        guard let selector = spec.selector else { return false }
        return LabelSelector(selector)?.requirements.isEmpty ?? false
    }

    /// How many attempts may be active. Where only failed ones are replaced, the ledger keeps terminating ones their places (R46).
    var permits: Int {
        if ending != nil { return 0 }
        if isBeingDeleted { return tally.active }
        if isSuspended { return 0 }
        return want
    }

    /// How many attempts should run side by side (R8-R10). Failed indexes are never tried again, so they ask for no place.
    private var want: Int {
        let parallelism = max(spec.parallelism ?? 1, 0)
        guard let completions = spec.completions else { return isDraining ? tally.active : parallelism }
        return max(min(parallelism, completions - tally.succeeded - failedIndexes), 0)
    }
}
