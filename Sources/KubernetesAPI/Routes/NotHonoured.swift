import BatchAPI
import Broker

/// Fields of a pod that are kept and shown but change nothing yet: who sets them hears of it.
enum NotHonoured {
    private static let affinityFields = [
        "podAffinity": "pods are not placed by other pods", "podAntiAffinity": "pods are not placed by other pods",
    ]

    /// One line per field. Pods for agents outside are theirs to honour.
    /// - Parameter isBare: it is a pod of no Job.
    static func warnings(_ template: PodTemplate, isBare: Bool = false) -> [String] {
        let path = isBare ? "spec" : "spec.template.spec"
        if template.spec.isScheduledElsewhere { return [] }
        let affinity = template.spec.affinity ?? .null
        return lines(affinity, affinityFields, "\(path).affinity") + spread(template, path, isBare)
    }

    private static func spread(_ template: PodTemplate, _ path: String, _ isBare: Bool) -> [String] {
        let terms = PlacementTerms(template), required = isBare ? [] : TopologySpread.required(terms)
        return terms.spread.enumerated().filter { !required.contains($0.element) }.map { position, constraint in
            let isSoft = constraint["whenUnsatisfiable"]?.string == "ScheduleAnyway"
            let why = isSoft || isBare ? "workers take what they can" : "its selector does not match the Job's own pods, and others are not counted"
            return "\(path).topologySpreadConstraints[\(position)]: not honoured: \(why)"
        }
    }

    private static func lines(_ value: Value, _ fields: [String: String], _ path: String) -> [String] {
        fields.sorted { $0.key < $1.key }.compactMap { key, effect in
            guard let set = value[key], !set.isNull, set != .object([:]), set != .array([]) else { return nil }
            return "\(path).\(key): not honoured: \(effect)"
        }
    }
}
