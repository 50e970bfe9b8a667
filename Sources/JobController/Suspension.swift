import BatchAPI

extension Pass {
    /// Suspends or resumes a Job that goes on (R19, R20). One that is being deleted keeps what it has (R25).
    mutating func applySuspension() {
        guard ending == nil, !isBeingDeleted else { return }
        if isSuspended { suspend() } else { resume() }
    }

    /// All live attempts are deleted uncounted; startTime goes with the turn of the condition.
    private mutating func suspend() {
        if tally.active > 0 { cut = .uncounted }
        guard !status.isTrue("Suspended") else { return }
        status.set(JobCondition(type: "Suspended", reason: "JobSuspended", message: "Job suspended", at: time))
        status.startTime = nil
        events.append(.normal("Suspended", "Job suspended"))
    }

    /// Turns the condition off, if it is on; a Job that was never suspended gets none.
    private mutating func resume() {
        guard status.isTrue("Suspended") else { return }
        status.set(JobCondition(type: "Suspended", status: "False", reason: "JobResumed", message: "Job resumed", at: time))
        status.startTime = time
        events.append(.normal("Resumed", "Job resumed"))
    }
}
