/// The rules of a pod template (V25).
enum PodTemplateValidation {
    private static let restartPolicies = ["Always", "OnFailure", "Never"]
    private static let dnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]

    static func validate(_ template: PodTemplate) -> [FieldError] {
        var list = ErrorList()
        list.add(MetadataValidation.labels(template.labels, "spec.template.labels"))
        list.add(MetadataValidation.annotations(template.annotations, "spec.template.annotations"))
        list.add(validateSpec(template.spec, "spec.template.spec"))
        if !(template.spec.raw["ephemeralContainers"]?.array ?? []).isEmpty {
            list.add(.forbidden("spec.template.spec.ephemeralContainers", "ephemeral containers not allowed in pod template"))
        }
        return list.errors
    }

    static func validateSpec(_ spec: PodSpec, _ path: String) -> [FieldError] {
        var list = ErrorList()
        list.add(VolumeValidation.validate(spec.volumes, "\(path).volumes"))
        list.add(validateContainers(spec, path))
        if let policy = spec.restartPolicy, !policy.isEmpty { list.oneOf("\(path).restartPolicy", policy, restartPolicies) }
        list.oneOf("\(path).dnsPolicy", spec.raw["dnsPolicy"]?.string, dnsPolicies)
        list.add(MetadataValidation.labels(spec.nodeSelector, "\(path).nodeSelector"))
        list.add(SecurityValidation.validatePod(spec.securityContext, "\(path).securityContext"))
        list.add(validateNames(spec, path))
        if let seconds = spec.activeDeadlineSeconds, !(1...2_147_483_647).contains(seconds) {
            list.invalid("\(path).activeDeadlineSeconds", seconds, "must be between 1 and 2147483647, inclusive")
        }
        list.nonNegative("\(path).terminationGracePeriodSeconds", spec.raw["terminationGracePeriodSeconds"]?.int)
        for (position, toleration) in spec.tolerations.enumerated() {
            list.add(TolerationValidation.validate(toleration, "\(path).tolerations[\(position)]"))
        }
        return list.errors
    }

    private static func validateNames(_ spec: PodSpec, _ path: String) -> [FieldError] {
        var list = ErrorList()
        for key in ["serviceAccountName", "nodeName", "priorityClassName", "runtimeClassName"] {
            guard let name = spec.raw[key]?.string, !name.isEmpty else { continue }
            list.invalid("\(path).\(key)", name, NameRules.dnsSubdomain(name))
        }
        for key in ["hostname", "subdomain"] {
            guard let name = spec.raw[key]?.string, !name.isEmpty else { continue }
            list.invalid("\(path).\(key)", name, NameRules.dnsLabel(name))
        }
        return list.errors
    }

    private static func validateContainers(_ spec: PodSpec, _ path: String) -> [FieldError] {
        var list = ErrorList()
        var names: Set<String> = []
        let volumes = Set(spec.volumes.compactMap { $0["name"]?.string })
        if spec.containers.isEmpty { list.add(.required("\(path).containers")) }
        for (position, container) in spec.containers.enumerated() {
            let field = "\(path).containers[\(position)]"
            list.add(ContainerValidation.validate(container, field, volumes: volumes, isInit: false))
            list.add(uniqueName(container, field, &names))
        }
        for (position, container) in spec.initContainers.enumerated() {
            let field = "\(path).initContainers[\(position)]"
            list.add(ContainerValidation.validate(container, field, volumes: volumes, isInit: true))
            list.add(uniqueName(container, field, &names))
        }
        return list.errors
    }

    private static func uniqueName(_ container: Container, _ path: String, _ names: inout Set<String>) -> [FieldError] {
        guard !container.name.isEmpty, !names.insert(container.name).inserted else { return [] }
        return [.duplicate("\(path).name", .string(container.name))]
    }
}

/// The rules of tolerations.
enum TolerationValidation {
    static func validate(_ toleration: Value, _ path: String) -> [FieldError] {
        var list = ErrorList()
        let key = toleration["key"]?.string ?? ""
        let name = toleration["operator"]?.string ?? ""
        let value = toleration["value"]?.string ?? ""
        let effect = toleration["effect"]?.string ?? ""
        if !key.isEmpty { list.invalid("\(path).key", key, NameRules.labelKey(key)) }
        if key.isEmpty, name != "Exists" {
            let detail = "operator must be Exists when `key` is empty, which means \"match all values and all keys\""
            list.add(.invalid("\(path).operator", .string(name), detail))
        }
        if toleration["tolerationSeconds"]?.int != nil, effect != "NoExecute" {
            let detail = "effect must be 'NoExecute' when `tolerationSeconds` is set"
            list.add(.invalid("\(path).effect", .string(effect), detail))
        }
        switch name {
        case "", "Equal": list.invalid("\(path).operator", value, NameRules.labelValue(value))
        case "Exists":
            if !value.isEmpty { list.invalid("\(path).operator", value, ["value must be empty when `operator` is 'Exists'"]) }
        default: list.oneOf("\(path).operator", name, ["Equal", "Exists"])
        }
        if !effect.isEmpty { list.oneOf("\(path).effect", effect, ["NoSchedule", "PreferNoSchedule", "NoExecute"]) }
        return list.errors
    }
}
