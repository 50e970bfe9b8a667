import BatchAPI

extension Options {
    /// The delay after the `failures`th failure in a row, in milliseconds: base, doubled with each further failure, up to the cap (R33).
    func delay(failures: Int) -> Int64 {
        if let retryDelay { return failures > 0 ? max(retryDelay, 0) : 0 }
        guard failures > 0, podFailureBackoffBase > 0, podFailureBackoffMax > 0 else { return 0 }
        var delay = podFailureBackoffBase
        for _ in 1..<failures {
            if delay >= podFailureBackoffMax / 2 + 1 { return podFailureBackoffMax }
            delay *= 2
        }
        return min(delay, podFailureBackoffMax)
    }
}

extension Pass {
    /// The Job-wide back-off as this pass leaves it (R33, R34). Limits per index do without (R37), and it is forgotten at the end.
    var nextBackoff: (failures: Int, notBefore: Timestamp?) {
        guard limitPerIndex == nil, ending == nil else { return (0, nil) }
        let failures = failuresSinceSuccess
        guard failures > 0 else { return (0, nil) }
        guard let latest = judgement.failureTimes.max() else { return (failures, tally.notBefore) }
        let notBefore = latest.adding(milliseconds: options.delay(failures: failures))
        // A failure that is reported late must not bring forward what a later one has put off.
        let earlier = tally.newestSuccess == nil ? tally.notBefore : nil
        return (failures, max(notBefore, earlier ?? notBefore))
    }

    /// A success forgets all failures but those that finished after it (R34).
    private var failuresSinceSuccess: Int {
        guard let success = tally.newestSuccess else { return tally.failuresSinceSuccess + judgement.failureTimes.count }
        return judgement.failureTimes.count { $0 > success }
    }
}
