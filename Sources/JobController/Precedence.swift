import BatchAPI

extension Pass {
    /// Finds out whether the Job ends, and how, where several rules apply: the first decides (R49). What is stored stands.
    mutating func chooseEnding() {
        ending = stored("SuccessCriteriaMet").map { .success($0) } ?? stored("FailureTarget").map { .failure($0) } ?? failure ?? success
    }

    private func stored(_ type: String) -> Ending.Cause? {
        guard let condition = status.conditions.first(where: { $0.type == type && $0.isTrue }) else { return nil }
        return Ending.Cause(reason: condition.reason, message: condition.message)
    }

    private var failure: Ending? {
        if let message = judgement.failJobMessage { return .failure("PodFailurePolicy", message) }
        if exceedsBackoffLimit { return .failure("BackoffLimitExceeded", "Job has reached the specified backoff limit") }
        if isPastDeadline { return .failure("DeadlineExceeded", "Job was active longer than specified deadline") }
        if exceedsFailedIndexes {
            return .failure("MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes")
        }
        return hasOnlyFailedIndexesLeft ? .failure("FailedIndexes", "Job has failed indexes") : nil
    }

    private var success: Ending? {
        if let rule = successPolicyMatch { return .success("SuccessPolicy", "Matched rules at index \(rule)") }
        return isComplete ? .success("CompletionsReached", "Reached expected number of succeeded pods") : nil
    }
}
