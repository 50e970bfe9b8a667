import BatchAPI

/// The rules of a Job (spec/job-semantics.md): a pure function from what is to what shall be. One file per rule of conduct.
public enum JobController {
    /// One look at a Job (R2).
    /// - Parameters:
    ///   - job: the Job with its last stored status.
    ///   - tally: what the ledger holds of it.
    ///   - now: the store's time.
    public static func reconcile(_ job: Job, _ tally: Tally, options: Options = Options(), now: Timestamp) -> Plan {
        if let plan = bystand(job) { return plan }
        if job.status.isFinished { return rest(job, tally, now: now) }
        var pass = Pass(job: job, tally: tally, options: options, now: now)
        pass.start()
        pass.judgeFailures()
        pass.chooseEnding()
        pass.beginEnding()
        pass.applySuspension()
        pass.countAttempts()
        pass.finishEnding()
        return pass.plan
    }

    /// The plan for a Job that is not ours to manage (R2, V23); nil if it is.
    private static func bystand(_ job: Job) -> Plan? {
        if job.spec.isManagedElsewhere { return Plan(gate: .shut("ManagedBy"), status: job.status) }
        if let mode = job.spec.completionModeText, CompletionMode(rawValue: mode) == nil {
            let event = JobEvent.warning("UnknownCompletionMode", "Skipped Job sync because completion mode is unknown")
            return Plan(gate: .shut("UnknownCompletionMode"), status: job.status, events: [event])
        }
        return nil
    }

    /// The plan for a finished Job: only its time to live matters, its status stands for ever (R56).
    private static func rest(_ job: Job, _ tally: Tally, now: Timestamp) -> Plan {
        var plan = Plan(gate: .shut(job.status.isTrue("Failed") ? "Failed" : "Complete"), status: job.status)
        plan.verdicts = tally.undecided.map { Verdict(token: $0.token, fate: .retry, isCounted: false) }
        plan.cut = tally.active > 0 ? .uncounted : nil
        plan.ends = true
        guard let expiry = job.expiry else { return plan }
        plan.deletesJob = expiry <= now
        // The second look is for a deletion that did not go through.
        plan.nextLook = plan.deletesJob ? now.adding(milliseconds: 1000) : expiry
        return plan
    }
}
