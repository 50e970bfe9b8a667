import BatchAPI

/// `nodeSelector` and `nodeAffinity`: all labels of the one, any term of the other. Binding by name passes over both.
enum NodeAffinity {
    static func refusal(_ terms: PlacementTerms, _ node: PlacementNode) -> [String] {
        terms.nodeName != nil || matches(terms, node) ? [] : ["node(s) didn't match Pod's node affinity/selector"]
    }

    static func matches(_ terms: PlacementTerms, _ node: PlacementNode) -> Bool {
        guard terms.nodeSelector.allSatisfy({ node.labels[$0.key] == $0.value }) else { return false }
        guard let required = terms.nodeAffinity?.present("requiredDuringSchedulingIgnoredDuringExecution") else { return true }
        return (required["nodeSelectorTerms"]?.array ?? []).contains { matches(term: $0, node) }
    }

    /// The weights of the preferences that the node meets.
    static func preference(_ terms: PlacementTerms, _ node: PlacementNode) -> Int {
        let preferred = terms.nodeAffinity?["preferredDuringSchedulingIgnoredDuringExecution"]?.array ?? []
        return preferred.filter { matches(term: $0["preference"] ?? .null, node) }.reduce(0) { $0 + ($1["weight"]?.int ?? 0) }
    }

    /// A term without any requirement matches nothing.
    private static func matches(term: Value, _ node: PlacementNode) -> Bool {
        let labels = term["matchExpressions"]?.array ?? [], fields = term["matchFields"]?.array ?? []
        if labels.isEmpty && fields.isEmpty { return false }
        return labels.allSatisfy { matches($0, node.labels) } && fields.allSatisfy { matches($0, ["metadata.name": node.name]) }
    }

    private static func matches(_ requirement: Value, _ labels: [String: String]) -> Bool {
        let values = requirement["values"]?.strings ?? [], label = labels[requirement["key"]?.string ?? ""]
        switch requirement["operator"]?.string {
        case "In": return label.map { values.contains($0) } ?? false
        case "NotIn": return label.map { !values.contains($0) } ?? true
        case "Exists": return label != nil
        case "DoesNotExist": return label == nil
        case "Gt", "Lt":
            guard let label, let number = Int64(label), let bound = values.first.flatMap({ Int64($0) }) else { return false }
            return requirement["operator"]?.string == "Gt" ? number > bound : number < bound
        default: return false
        }
    }
}
