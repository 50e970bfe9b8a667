extension JobValidation {
    /// What is wrong with replacing a stored Job by a new, defaulted one: all rules of a create, and what must
    /// not change (V20-V22).
    public static func validateUpdate(old: Job, new: Job) -> [FieldError] {
        let labels = old.spec.template.labels
        let hadPrefixedLabels = labels[JobLabels.controllerUID] != nil && labels[JobLabels.jobName] != nil
        var list = ErrorList()
        list.add(validateWhole(new, needsPrefixedLabels: hadPrefixedLabels))
        list.add(validateMetadataUpdate(old.metadata, new.metadata))
        list.add(validateCompletions(old.spec, new.spec))
        list.add(immutable("spec.selector", old.spec.selector, new.spec.selector))
        list.add(TemplateUpdateValidation.validate(old, new))
        for key in ["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"] {
            list.add(immutable("spec.\(key)", old.spec.value[key], new.spec.value[key]))
        }
        return list.errors
    }

    static func immutable(_ field: String, _ old: Value?, _ new: Value?) -> [FieldError] {
        old == new ? [] : [.invalid(field, new ?? .null, "field is immutable")]
    }

    /// V20.
    private static func validateCompletions(_ old: JobSpec, _ new: JobSpec) -> [FieldError] {
        guard old.completions != new.completions else { return [] }
        let shown = new.completions.map { Value.int(Int64($0)) } ?? .null
        guard new.isIndexed else { return [.invalid("spec.completions", shown, "field is immutable")] }
        guard new.completions != new.parallelism else { return [] }
        return [.invalid("spec.completions", shown, "can only be modified in tandem with spec.parallelism")]
    }

    private static func validateMetadataUpdate(_ old: ObjectMeta, _ new: ObjectMeta) -> [FieldError] {
        var list = ErrorList()
        let added = new.finalizers.filter { !old.finalizers.contains($0) }
        if old.deletionTimestamp != nil, !added.isEmpty {
            let names = added.map { Value.string($0).encoded() }.joined(separator: ", ")
            let detail = "no new finalizers can be added if the object is being deleted, found new finalizers []string{\(names)}"
            list.add(.forbidden("metadata.finalizers", detail))
        }
        for key in ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"] {
            list.add(immutable("metadata.\(key)", old.value[key], new.value[key]))
        }
        return list.errors
    }
}

/// Which edits of the pod template a stored Job allows (V21).
enum TemplateUpdateValidation {
    static func validate(_ old: Job, _ new: Job) -> [FieldError] {
        let isSuspended = old.spec.suspend == true
        let hasStopped = old.status.isTrue("Suspended") && old.status.active == 0
        let allowsDirectives = isSuspended && (old.status.startTime == nil || hasStopped)
        let allowsResources = isSuspended && hasStopped
        // What may differ is taken over from the old template; any difference that is left is refused.
        var template = new.spec.template
        if allowsDirectives { keepDirectives(of: old.spec.template, in: &template) }
        if allowsResources { keepResources(of: old.spec.template.spec, in: &template.spec) }
        if template == old.spec.template { return [] }
        let field = allowsResources ? "spec.template.spec" : "spec.template"
        let shown = allowsResources ? new.spec.template.spec.raw : new.spec.template.value
        return [.invalid(field, shown, "field is immutable")]
    }

    private static func keepDirectives(of old: PodTemplate, in template: inout PodTemplate) {
        for key in ["labels", "annotations"] where template.metadata[key] != old.metadata[key] {
            template.metadata[key] = old.metadata[key]
        }
        for key in ["nodeSelector", "tolerations", "schedulingGates"] { template.spec.raw[key] = old.spec.raw[key] }
        // Of the affinity only the part about nodes may change.
        if otherAffinity(template.spec) == otherAffinity(old.spec) { template.spec.raw["affinity"] = old.spec.raw["affinity"] }
    }

    private static func otherAffinity(_ spec: PodSpec) -> [String: Value] {
        (spec.affinity?.object ?? [:]).filter { $0.key != "nodeAffinity" }
    }

    private static func keepResources(of old: PodSpec, in spec: inout PodSpec) {
        for key in ["containers", "initContainers"] {
            guard var containers = spec.raw[key]?.array, let stored = old.raw[key]?.array, containers.count == stored.count
            else { continue }
            for position in containers.indices { containers[position]["resources"] = stored[position]["resources"] }
            spec.raw[key] = .array(containers)
        }
    }
}
