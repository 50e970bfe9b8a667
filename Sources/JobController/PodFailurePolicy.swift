import BatchAPI

/// The rule of a podFailurePolicy that a failed attempt matches (R41).
struct FailurePolicyMatch {
    /// What a rule does (R44).
    enum Action: String {
        case failJob = "FailJob"
        case failIndex = "FailIndex"
        case ignore = "Ignore"
        case count = "Count"
    }

    var action: Action
    /// What a Job that fails by it says.
    var message: String
}

extension Pass {
    /// The first rule that matches; without one the failure is an ordinary one (R41).
    func failurePolicyMatch(_ outcome: Outcome) -> FailurePolicyMatch? {
        let rules = spec.podFailurePolicy?["rules"]?.array ?? []
        for (index, rule) in rules.enumerated() {
            guard let action = rule["action"]?.string.flatMap({ FailurePolicyMatch.Action(rawValue: $0) }) else { continue }
            guard let cause = cause(outcome, exitCodes: rule["onExitCodes"]) ?? cause(outcome, conditions: rule["onPodConditions"])
            else { continue }
            return FailurePolicyMatch(action: action, message: "\(cause) matching \(action.rawValue) rule at index \(index)")
        }
        return nil
    }

    /// How the attempt meets a demand on exit codes (R42); nil if it does not. A code of 0, or none, never does.
    private func cause(_ outcome: Outcome, exitCodes demand: Value?) -> String? {
        guard let demand, let code = outcome.exitCode, code != 0 else { return nil }
        let container = spec.template.spec.containers.first?.name ?? ""
        if let wanted = demand["containerName"]?.string, wanted != container { return nil }
        let isListed = (demand["values"]?.array ?? []).contains { $0.int == code }
        guard demand["operator"]?.string == "In" && isListed || demand["operator"]?.string == "NotIn" && !isListed else { return nil }
        return "Container \(container) for pod \(path(outcome)) failed with exit code \(code)"
    }

    /// How the attempt meets one of the demanded pod conditions (R43); the one condition known of an attempt is DisruptionTarget.
    private func cause(_ outcome: Outcome, conditions: Value?) -> String? {
        guard outcome.isDisruption else { return nil }
        let isWanted = (conditions?.array ?? []).contains {
            $0["type"]?.string == "DisruptionTarget" && ($0["status"]?.string ?? "True") == "True"
        }
        return isWanted ? "Pod \(path(outcome)) has condition DisruptionTarget" : nil
    }

    private func path(_ outcome: Outcome) -> String { "\(job.metadata.namespace)/\(outcome.pod)" }
}
