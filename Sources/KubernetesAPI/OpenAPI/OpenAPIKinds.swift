import BatchAPI

/// Which types are kinds, and of which group.
enum OpenAPIKinds {
    /// The value of `x-kubernetes-group-version-kind` at a schema; nil for a type that is no kind.
    static func identity(of type: String, groups: [String]) -> Value? {
        let name = String(type.split(separator: ".").last ?? "")
        if ofEveryGroup.contains(type) { return .array(Set(groups + [""]).sorted().map { identity($0, name) }) }
        return (group[type] ?? item(ofList: type).flatMap { group[$0] }).map { [identity($0, name)] }
    }

    static func identity(_ group: String, _ kind: String) -> Value { ["group": .string(group), "version": "v1", "kind": .string(kind)] }

    /// "Job" of "JobList".
    static func item(ofList type: String) -> String? {
        guard type.hasSuffix("List"), group[String(type.dropLast(4))] != nil else { return nil }
        return String(type.dropLast(4))
    }

    /// A kind's type in `Schema`: two groups have an Event.
    static func type(_ kind: String, group: String) -> String { group == "events.k8s.io" ? "events.\(kind)" : kind }

    /// Sent to every group.
    private static let ofEveryGroup: Set<String> = ["DeleteOptions", "WatchEvent"]

    private static let group: [String: String] = [
        "": [
            "APIResourceList", "Binding", "ConfigMap", "Event", "Namespace", "Node", "PersistentVolumeClaim", "Pod", "Secret", "ServiceAccount",
            "Status",
        ],
        "authentication.k8s.io": ["SelfSubjectReview"],
        "authorization.k8s.io": ["SelfSubjectAccessReview", "SelfSubjectRulesReview"],
        "batch": ["CronJob", "Job"],
        "coordination.k8s.io": ["Lease"],
        "events.k8s.io": ["events.Event"],
        "policy": ["Eviction"],
    ].reduce(into: [:]) { all, group in for type in group.value { all[type] = group.key } }
}
