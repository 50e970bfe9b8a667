/// The rules of Pods that clients create and change (V25).
public enum PodValidation {
    /// What is wrong with a new, defaulted pod.
    public static func validate(create pod: Value) -> [FieldError] {
        let metadata = ObjectMeta(pod["metadata"] ?? .null)
        var list = ErrorList()
        list.add(MetadataValidation.validate(metadata, ownLabels: metadata.labels))
        list.add(PodTemplateValidation.validateSpec(PodSpec(pod["spec"] ?? .null), "spec"))
        return list.errors
    }

    /// What is wrong with replacing a stored pod: of its spec little may change.
    public static func validateUpdate(old: Value, new: Value) -> [FieldError] {
        let (before, after) = (ObjectMeta(old["metadata"] ?? .null), ObjectMeta(new["metadata"] ?? .null))
        var list = ErrorList()
        list.add(MetadataValidation.validate(after, ownLabels: after.labels))
        let added = after.finalizers.filter { !before.finalizers.contains($0) }
        if before.deletionTimestamp != nil, !added.isEmpty {
            let names = added.map { Value.string($0).encoded() }.joined(separator: ", ")
            let detail = "no new finalizers can be added if the object is being deleted, found new finalizers []string{\(names)}"
            list.add(.forbidden("metadata.finalizers", detail))
        }
        for key in ["name", "uid"] { list.add(JobValidation.immutable("metadata.\(key)", old["metadata"]?[key], new["metadata"]?[key])) }
        if fixed(old["spec"] ?? .null) != fixed(new["spec"] ?? .null) {
            let detail =
                "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
            list.add(.forbidden("spec", detail))
        }
        return list.errors
    }

    /// What may not change of a spec.
    private static func fixed(_ spec: Value) -> Value {
        var spec = spec
        for key in ["activeDeadlineSeconds", "tolerations"] { spec[key] = nil }
        for key in ["containers", "initContainers"] {
            guard var containers = spec[key]?.array else { continue }
            for position in containers.indices { containers[position]["image"] = nil }
            spec[key] = .array(containers)
        }
        return spec
    }

    private static let phases = ["Pending", "Running", "Succeeded", "Failed", "Unknown"]

    /// What is wrong with a status that an agent writes. A phase that is final stays (P1).
    public static func validateStatus(old: Value, new: Value) -> [FieldError] {
        var list = ErrorList()
        let before = old["status"]?["phase"]?.string ?? "", after = new["status"]?["phase"]?.string ?? ""
        if !phases.contains(after) { list.add(.notSupported("status.phase", after, phases)) }
        for (position, condition) in (new["status"]?["conditions"]?.array ?? []).enumerated() {
            let type = condition["type"]?.string ?? ""
            list.invalid("status.conditions[\(position)].type", type, NameRules.qualifiedName(type))
        }
        if ["Succeeded", "Failed"].contains(before), !["Succeeded", "Failed"].contains(after) {
            list.add(.invalid("status.phase", .string(after), "a pod that has ended does not run again"))
        }
        return list.errors
    }
}
