import BatchAPI

extension Pass {
    /// When the Job has been active for too long (R47); nil without a limit, or while suspended, which starts the time anew (R20).
    var deadline: Timestamp? {
        guard !isSuspended, let start = status.startTime, let seconds = spec.activeDeadlineSeconds else { return nil }
        return start.advanced(by: .seconds(seconds))
    }

    var isPastDeadline: Bool {
        guard let deadline else { return false }
        return now >= deadline
    }
}
