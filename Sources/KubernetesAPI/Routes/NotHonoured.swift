import BatchAPI

/// Fields of a pod that are kept and shown but change nothing yet: who sets them hears of it.
enum NotHonoured {
    private static let podFields = [
        "nodeSelector": "every worker takes it", "affinity": "every worker takes it",
        "topologySpreadConstraints": "every worker takes it",
    ]
    /// One line per field. Pods for agents outside are theirs to honour.
    static func warnings(_ spec: PodSpec) -> [String] {
        if spec.isScheduledElsewhere { return [] }
        return lines(spec.raw, podFields, "spec.template.spec")
    }

    private static func lines(_ value: Value, _ fields: [String: String], _ path: String) -> [String] {
        fields.sorted { $0.key < $1.key }.compactMap { key, effect in
            guard let set = value[key], !set.isNull, set != .object([:]), set != .array([]) else { return nil }
            return "\(path).\(key): not honoured: \(effect)"
        }
    }
}
