/// podFailurePolicy (V11-V15).
enum PodFailurePolicyValidation {
    static let maximumRules = 20
    static let maximumExitCodes = 255
    static let maximumPatterns = 20
    private static let actions = ["Count", "FailIndex", "FailJob", "Ignore"]

    static func validate(_ policy: Value, _ spec: JobSpec) -> [FieldError] {
        var list = ErrorList()
        let path = "spec.podFailurePolicy.rules"
        let rules = policy["rules"]?.array ?? []
        if rules.count > maximumRules { list.add(.tooMany(path, rules.count, limit: maximumRules)) }
        let podSpec = spec.template.spec
        let containers = Set((podSpec.containers + podSpec.initContainers).map(\.name))
        for (position, rule) in rules.enumerated() {
            list.add(validateRule(rule, "\(path)[\(position)]", spec, containers))
        }
        return list.errors
    }

    private static func validateRule(_ rule: Value, _ path: String, _ spec: JobSpec, _ containers: Set<String>) -> [FieldError] {
        var list = ErrorList()
        list.add(validateAction(rule["action"]?.string ?? "", "\(path).action", spec))
        let exitCodes = rule.present("onExitCodes")
        let patterns = rule["onPodConditions"]?.array ?? []
        if let exitCodes { list.add(validateExitCodes(exitCodes, "\(path).onExitCodes", containers)) }
        if !patterns.isEmpty { list.add(validatePatterns(patterns, "\(path).onPodConditions")) }
        if exitCodes != nil, !patterns.isEmpty {
            list.add(.invalid(path, nil, "specifying both OnExitCodes and OnPodConditions is not supported"))
        }
        if exitCodes == nil, patterns.isEmpty {
            list.add(.invalid(path, nil, "specifying one of OnExitCodes and OnPodConditions is required"))
        }
        return list.errors
    }

    /// V12.
    private static func validateAction(_ action: String, _ path: String, _ spec: JobSpec) -> [FieldError] {
        if action.isEmpty { return [.required(path, "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]")] }
        if action == "FailIndex", spec.backoffLimitPerIndex == nil {
            return [.invalid(path, .string(action), "requires the backoffLimitPerIndex to be set")]
        }
        return actions.contains(action) ? [] : [.notSupported(path, action, actions)]
    }

    /// V14.
    private static func validateExitCodes(_ requirement: Value, _ path: String, _ containers: Set<String>) -> [FieldError] {
        var list = ErrorList()
        let name = requirement["operator"]?.string ?? ""
        if name.isEmpty {
            list.add(.required("\(path).operator", "valid values: [\"In\" \"NotIn\"]"))
        } else {
            list.oneOf("\(path).operator", name, ["In", "NotIn"])
        }
        if let container = requirement["containerName"]?.string, !containers.contains(container) {
            let detail = "must be one of the container or initContainer names in the pod template"
            list.add(.invalid("\(path).containerName", .string(container), detail))
        }
        list.add(validateValues(requirement["values"] ?? .array([]), "\(path).values", isIn: name == "In"))
        return list.errors
    }

    private static func validateValues(_ list: Value, _ path: String, isIn: Bool) -> [FieldError] {
        var result = ErrorList()
        let values = (list.array ?? []).compactMap(\.int)
        if values.isEmpty { result.add(.invalid(path, list, "at least one value is required")) }
        if values.count > maximumExitCodes { result.add(.tooMany(path, values.count, limit: maximumExitCodes)) }
        var seen: Set<Int> = []
        for (position, value) in values.enumerated() {
            if isIn, value == 0 { result.invalid("\(path)[\(position)]", value, "must not be 0 for the In operator") }
            if !seen.insert(value).inserted { result.add(.duplicate("\(path)[\(position)]", .int(Int64(value)))) }
        }
        if zip(values, values.dropFirst()).contains(where: { $0 > $1 }) { result.add(.invalid(path, list, "must be ordered")) }
        return result.errors
    }

    /// V15.
    private static func validatePatterns(_ patterns: [Value], _ path: String) -> [FieldError] {
        var list = ErrorList()
        if patterns.count > maximumPatterns { list.add(.tooMany(path, patterns.count, limit: maximumPatterns)) }
        for (position, pattern) in patterns.enumerated() {
            let type = pattern["type"]?.string ?? ""
            list.invalid("\(path)[\(position)].type", type, NameRules.qualifiedName(type))
            let status = pattern["status"]?.string ?? ""
            if status.isEmpty {
                list.add(.required("\(path)[\(position)].status", "valid values: [\"False\" \"True\" \"Unknown\"]"))
            } else {
                list.oneOf("\(path)[\(position)].status", status, ["False", "True", "Unknown"])
            }
        }
        return list.errors
    }
}
