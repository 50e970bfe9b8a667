import BatchAPI

/// One look at one Job under way: what went in, and what has been decided so far. The steps are extensions, one file each.
struct Pass {
    let job: Job
    let tally: Tally
    let options: Options
    /// Cut to whole seconds, the precision of times in a status: what is compared is what is stored.
    let time: Timestamp
    let now: Timestamp
    var status: JobStatus
    var judgement = Judgement()
    var ending: Ending?
    var cut: Cut?
    var events: [JobEvent] = []

    init(job: Job, tally: Tally, options: Options, now: Timestamp) {
        (self.job, self.tally, self.options, self.now) = (job, tally, options, now)
        (time, status) = (now.wholeSecond, job.status)
    }

    /// A Job that is not suspended has a startTime from the first pass on (R5).
    mutating func start() {
        if status.startTime == nil, !isSuspended { status.startTime = time }
    }

    /// All decisions together.
    var plan: Plan {
        let backoff = nextBackoff
        let deadline = ending == nil ? self.deadline : nil
        var plan = Plan(
            gate: gate, permits: permits, status: status, verdicts: judgement.verdicts, failuresSinceSuccess: backoff.failures,
            notBefore: backoff.notBefore, deadline: deadline, cut: cut, events: events, nextLook: nextLook(backoff.notBefore, deadline))
        (plan.ends, plan.blinds) = (ending != nil, isBeingDeleted)
        return plan
    }

    /// The soonest of the times at which something changes by itself.
    private func nextLook(_ notBefore: Timestamp?, _ deadline: Timestamp?) -> Timestamp? {
        var finished = job
        finished.status = status
        if status.isFinished { return finished.expiry }
        if isCapped { return now }
        let delays = judgement.verdicts.map(\.notBefore) + [notBefore]
        return (delays + [deadline]).compactMap { $0 }.filter { $0 > now }.min()
    }
}

extension Pass {
    var spec: JobSpec { job.spec }
    var isSuspended: Bool { spec.suspend ?? false }
    var isBeingDeleted: Bool { job.metadata.deletionTimestamp != nil }
    /// Completions null: pods decide for themselves when the work is done (R9).
    var isWorkQueue: Bool { spec.completions == nil }
    /// The limit per index, which only Indexed Jobs have (V10).
    var limitPerIndex: Int? { spec.isIndexed ? spec.backoffLimitPerIndex : nil }
    /// Only attempts in a terminal phase are replaced, not terminating ones (R46).
    var replacesOnlyFailed: Bool { spec.podReplacementPolicy == .failed || spec.podFailurePolicy != nil }
    /// This pass may not have seen all failures, so it can't be the last (R24).
    var isCapped: Bool { tally.undecided.count >= 500 }
    /// `status.failed` once the verdicts hold, without what a cut adds.
    var failed: Int { tally.failed + judgement.counted }
    /// Failed indexes once the verdicts hold.
    var failedIndexes: Int { tally.failedIndexes + judgement.failedIndexes.count }
}
