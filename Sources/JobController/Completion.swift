import BatchAPI

extension Pass {
    /// Whether enough has succeeded (R17). Live attempts beyond that are surplus or suspended, and thus as good as gone, unless the Job is
    /// being deleted, when nothing is (R25).
    var isComplete: Bool {
        guard let completions = spec.completions else {
            return tally.succeeded > 0 && (tally.active == 0 || isSuspended && !isBeingDeleted)
        }
        return tally.succeeded >= completions && (tally.active == 0 || !isBeingDeleted)
    }

    /// A work queue has had its first success: what runs may end, nothing starts (R9).
    var isDraining: Bool { isWorkQueue && tally.succeeded > 0 }
}
