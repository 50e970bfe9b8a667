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
        guard let demand else { return nil }
        let listed = (demand["values"]?.array ?? []).compactMap(\.int), wanted = demand["containerName"]?.string
        for exit in outcome.exits where wanted == nil || wanted == exit.container {
            guard let code = exit.code, code != 0 else { continue }
            let isListed = listed.contains(code)
            guard demand["operator"]?.string == "In" && isListed || demand["operator"]?.string == "NotIn" && !isListed else { continue }
            return "Container \(exit.container) for pod \(path(outcome)) failed with exit code \(code)"
        }
        return nil
    }

    /// How the attempt meets one of the demanded pod conditions (R43).
    private func cause(_ outcome: Outcome, conditions: Value?) -> String? {
        for pattern in conditions?.array ?? [] {
            guard let type = pattern["type"]?.string, outcome.conditions[type] == pattern["status"]?.string ?? "True" else { continue }
            return "Pod \(path(outcome)) has condition \(type)"
        }
        return nil
    }

    private func path(_ outcome: Outcome) -> String { "\(job.metadata.namespace)/\(outcome.pod)" }
}
