import BatchAPI

/// Fields of a pod that are kept and shown but change nothing yet: who sets them hears of it.
enum NotHonoured {
    private static let podFields = ["topologySpreadConstraints": "every worker takes it"]
    private static let affinityFields = [
        "podAffinity": "pods are not placed by other pods", "podAntiAffinity": "pods are not placed by other pods",
    ]

    /// One line per field. Pods for agents outside are theirs to honour.
    static func warnings(_ spec: PodSpec) -> [String] {
        if spec.isScheduledElsewhere { return [] }
        return lines(spec.affinity ?? .null, affinityFields, "spec.template.spec.affinity") + lines(spec.raw, podFields, "spec.template.spec")
    }

    private static func lines(_ value: Value, _ fields: [String: String], _ path: String) -> [String] {
        fields.sorted { $0.key < $1.key }.compactMap { key, effect in
            guard let set = value[key], !set.isNull, set != .object([:]), set != .array([]) else { return nil }
            return "\(path).\(key): not honoured: \(effect)"
        }
    }
}
