/// A label selector: matchLabels and matchExpressions, all of which must hold.
public struct LabelSelector: Sendable, Hashable {
    /// One requirement on one label.
    public struct Requirement: Sendable, Hashable {
        public var key: String
        /// In, NotIn, Exists or DoesNotExist.
        public var `operator`: String
        public var values: [String]
    }

    /// All requirements, matchLabels as In with one value.
    public var requirements: [Requirement]

    /// Reads the object form; nil where an operator is unknown or its values do not suit it.
    public init?(_ value: Value) {
        requirements = (value["matchLabels"]?.stringMap ?? [:]).map { Requirement(key: $0.key, operator: "In", values: [$0.value]) }
        for expression in value["matchExpressions"]?.array ?? [] {
            let requirement = Requirement(
                key: expression["key"]?.string ?? "", operator: expression["operator"]?.string ?? "",
                values: expression["values"]?.strings ?? [])
            guard requirement.isSound else { return nil }
            requirements.append(requirement)
        }
    }

    /// Whether labels meet all requirements; without any, all labels do.
    public func matches(_ labels: [String: String]) -> Bool { requirements.allSatisfy { $0.matches(labels) } }
}

extension LabelSelector.Requirement {
    fileprivate var isSound: Bool {
        switch self.operator {
        case "In", "NotIn": !values.isEmpty
        case "Exists", "DoesNotExist": values.isEmpty
        default: false
        }
    }

    fileprivate func matches(_ labels: [String: String]) -> Bool {
        switch self.operator {
        case "In": labels[key].map { values.contains($0) } ?? false
        case "NotIn": labels[key].map { !values.contains($0) } ?? true
        case "Exists": labels[key] != nil
        default: labels[key] == nil
        }
    }
}
