import BatchAPI

extension Job {
    /// When a finished Job is to be deleted (R70, R71): ttlSecondsAfterFinished after its end; nil if never, or if its deletion has begun.
    var expiry: Timestamp? {
        guard metadata.deletionTimestamp == nil, let seconds = spec.ttlSecondsAfterFinished else { return nil }
        let end = status.conditions.first { $0.isTrue && ($0.type == "Complete" || $0.type == "Failed") }
        return end?.lastTransitionTime?.advanced(by: .seconds(seconds))
    }
}
