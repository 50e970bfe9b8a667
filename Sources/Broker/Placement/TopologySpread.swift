import BatchAPI

/// `topologySpreadConstraints` that must hold (DoNotSchedule): no domain of nodes may run more of a Job's attempts than the emptiest one and
/// `maxSkew`. The store counts attempts and refuses; the leader tells it who is in which domain. Only the Job's own pods are counted.
public enum TopologySpread {
    /// One constraint, with the domain of each node that counts.
    public struct Domains: Sendable, Hashable {
        public var maxSkew: Int
        /// With fewer domains than that the emptiest counts as empty.
        public var minDomains: Int
        public var nodes: [String: String]

        public init(maxSkew: Int, minDomains: Int, nodes: [String: String]) {
            (self.maxSkew, self.minDomains, self.nodes) = (maxSkew, minDomains, nodes)
        }

        /// Whether one more attempt on the node keeps it, by how many each node has.
        public func allows(_ node: String, attempts: [String: Int]) -> Bool {
            guard let own = nodes[node] else { return false }
            var counts: [String: Int] = [:]
            for (name, domain) in nodes { counts[domain, default: 0] += attempts[name] ?? 0 }
            let fewest = counts.count < minDomains ? 0 : counts.values.min() ?? 0
            return counts[own]! + 1 - fewest <= maxSkew
        }
    }

    /// The constraints that a Job's pods must keep. One whose selector is not about them does not bind them here.
    public static func required(_ terms: PlacementTerms) -> [Value] {
        if terms.nodeName != nil { return [] }
        return terms.spread.filter { $0["whenUnsatisfiable"]?.string != "ScheduleAnyway" && isAboutItself($0, terms) }
    }

    static func isAboutItself(_ constraint: Value, _ terms: PlacementTerms) -> Bool {
        constraint.present("labelSelector").flatMap { LabelSelector($0) }?.matches(terms.labels) ?? false
    }

    /// Who counts where: nodes that have every label that is asked for and, as the constraint says, match the pod's affinity and have no taint
    /// that it does not tolerate.
    public static func domains(_ terms: PlacementTerms, _ nodes: [PlacementNode]) -> [Domains] {
        let required = required(terms), keys = required.compactMap { $0["topologyKey"]?.string }
        let labelled = nodes.filter { node in keys.allSatisfy { node.labels[$0] != nil } }
        return required.map { constraint in
            let eligible = labelled.filter { node in
                let honoursAffinity = constraint["nodeAffinityPolicy"]?.string != "Ignore", honoursTaints = constraint["nodeTaintsPolicy"]?.string == "Honor"
                return (!honoursAffinity || NodeAffinity.matches(terms, node)) && (!honoursTaints || TaintToleration.refusal(terms, node).isEmpty)
            }
            let key = constraint["topologyKey"]?.string ?? ""
            return Domains(
                maxSkew: constraint["maxSkew"]?.int ?? 1, minDomains: constraint["minDomains"]?.int ?? 1,
                nodes: Dictionary(uniqueKeysWithValues: eligible.map { ($0.name, $0.labels[key]!) }))
        }
    }
}
