/// Selector and generated labels (V4-V6).
enum SelectorValidation {
    /// V4, V5. On an update of a Job whose stored template lacks the prefixed labels these are not demanded.
    static func validateGenerated(_ job: Job, needsPrefixedLabels: Bool = true) -> [FieldError] {
        guard job.spec.manualSelector != true, let selector = job.spec.selector else { return [] }
        var list = ErrorList()
        if job.metadata.uid.isEmpty { list.add(.required("metadata.uid")) }
        let expected = JobLabels.generated(name: job.metadata.name, uid: job.metadata.uid)
        let prefixed = needsPrefixedLabels ? [JobLabels.controllerUID, JobLabels.jobName] : []
        for key in [JobLabels.legacyControllerUID, JobLabels.legacyJobName] + prefixed { list.add(validateLabel(job.spec.template.labels, key, expected[key] ?? "")) }
        if let parsed = LabelSelector(selector), !parsed.matches(expected) {
            list.add(.invalid("spec.selector", selector, "`selector` not auto-generated"))
        }
        return list.errors
    }

    private static func validateLabel(_ labels: [String: String], _ key: String, _ expected: String) -> [FieldError] {
        let field = "spec.template.metadata.labels[\(key)]"
        guard let actual = labels[key] else { return [.required(field, "must be '\(expected)'")] }
        return actual == expected ? [] : [.invalid(field, .strings(labels), "must be '\(expected)'")]
    }

    /// V6.
    static func validate(_ spec: JobSpec) -> [FieldError] {
        var list = ErrorList()
        if let selector = spec.selector {
            list.add(validateSelector(selector, "spec.selector"))
        } else {
            list.add(.required("spec.selector"))
        }
        // An absent selector matches nothing, an unreadable one is reported already.
        let matches = spec.selector.map { LabelSelector($0)?.matches(spec.template.labels) ?? true } ?? false
        if !matches {
            let labels = spec.template.metadata["labels"] ?? .null
            list.add(.invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"))
        }
        return list.errors
    }

    static func validateSelector(_ selector: Value, _ path: String) -> [FieldError] {
        var list = ErrorList()
        list.add(MetadataValidation.labels(selector["matchLabels"]?.stringMap ?? [:], "\(path).matchLabels"))
        for (position, expression) in (selector["matchExpressions"]?.array ?? []).enumerated() {
            list.add(validateExpression(expression, "\(path).matchExpressions[\(position)]"))
        }
        return list.errors
    }

    private static func validateExpression(_ expression: Value, _ path: String) -> [FieldError] {
        var list = ErrorList()
        let hasValues = !(expression["values"]?.array ?? []).isEmpty
        let name = expression["operator"]?.string ?? ""
        switch name {
        case "In", "NotIn":
            if !hasValues { list.add(.required("\(path).values", "must be specified when `operator` is 'In' or 'NotIn'")) }
        case "Exists", "DoesNotExist":
            if hasValues { list.add(.forbidden("\(path).values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")) }
        default: list.add(.invalid("\(path).operator", .string(name), "not a valid selector operator"))
        }
        list.invalid("\(path).key", expression["key"]?.string ?? "", NameRules.labelKey(expression["key"]?.string ?? ""))
        for (position, value) in (expression["values"]?.strings ?? []).enumerated() {
            list.invalid("\(path).values[\(position)]", value, NameRules.labelValue(value))
        }
        return list.errors
    }
}
