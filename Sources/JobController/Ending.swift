import BatchAPI

/// How a Job ends. First comes the interim condition, which nothing takes back; the terminal one follows once no attempt is left.
enum Ending {
    /// Reason and message, the same in both conditions.
    struct Cause {
        var reason: String
        var message: String
    }

    case success(Cause)
    case failure(Cause)

    static func success(_ reason: String, _ message: String) -> Ending { .success(Cause(reason: reason, message: message)) }
    static func failure(_ reason: String, _ message: String) -> Ending { .failure(Cause(reason: reason, message: message)) }

    var interimType: String {
        switch self {
        case .success: "SuccessCriteriaMet"
        case .failure: "FailureTarget"
        }
    }

    func condition(_ type: String, at time: Timestamp) -> JobCondition {
        switch self {
        case .success(let cause), .failure(let cause): JobCondition(type: type, reason: cause.reason, message: cause.message, at: time)
        }
    }
}

extension Pass {
    /// Records the interim condition and deletes what still runs: counted as failed if the Job fails (R50), else not (R54).
    mutating func beginEnding() {
        guard let ending else { return }
        if !status.isTrue(ending.interimType) { status.set(ending.condition(ending.interimType, at: time)) }
        guard tally.active + tally.kept > 0 else { return }
        switch ending {
        case .success: cut = .uncounted
        case .failure: cut = .counted
        }
    }

    /// Records the terminal condition once nothing runs and all is counted (R51, R53).
    mutating func finishEnding() {
        guard let ending, status.active == 0, status.terminating == 0, !isCapped else { return }
        // A Job suspended before it ever ran has no startTime, but a finished one must, save this case (V24).
        if status.startTime == nil, spec.completions != 0 { status.startTime = time }
        switch ending {
        case .success: complete(ending.condition("Complete", at: time))
        case .failure: fail(ending.condition("Failed", at: time))
        }
    }

    private mutating func complete(_ condition: JobCondition) {
        status.set(condition)
        status.completionTime = time
        if let completions = spec.completions, status.succeeded > completions {
            events.append(.warning("TooManySucceededPods", "Too many succeeded pods running after completion count reached"))
        }
        events.append(.normal("Completed", "Job completed"))
    }

    private mutating func fail(_ condition: JobCondition) {
        status.set(condition)
        events.append(.warning(condition.reason, condition.message))
    }
}
