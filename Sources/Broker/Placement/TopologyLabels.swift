import BatchAPI

/// Pods that must be spread need a node that says which domain it is in.
enum TopologyLabels {
    static func refusal(_ terms: PlacementTerms, _ node: PlacementNode) -> [String] {
        let keys = terms.spread.filter { $0["whenUnsatisfiable"]?.string != "ScheduleAnyway" }.compactMap { $0["topologyKey"]?.string }
        guard terms.nodeName == nil, keys.contains(where: { node.labels[$0] == nil }) else { return [] }
        return ["node(s) didn't match pod topology spread constraints (missing required label)"]
    }
}
