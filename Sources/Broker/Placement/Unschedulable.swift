import BatchAPI

/// Why no node takes a pod, in the scheduler's words: "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable."
public enum Unschedulable {
    /// nil if some node could take it: it is only a matter of time.
    /// - Parameter skewed: nodes whose domain has enough of the Job's attempts, see `TopologySpread`.
    public static func message(_ terms: PlacementTerms, _ nodes: [NodeRecord], skewed: Set<String> = []) -> String? {
        if nodes.isEmpty { return "no nodes available to schedule pods" }
        var counts: [String: Int] = [:]
        for node in nodes {
            var reasons = reasons(terms, node)
            if reasons.isEmpty, skewed.contains(node.name) { reasons = ["node(s) didn't match pod topology spread constraints"] }
            if reasons.isEmpty { return nil }
            for reason in reasons { counts[reason, default: 0] += 1 }
        }
        return "0/\(nodes.count) nodes are available: \(counts.map { "\($0.value) \($0.key)" }.sorted().joined(separator: ", "))."
    }

    private static func reasons(_ terms: PlacementTerms, _ node: NodeRecord) -> [String] {
        let refusal = Placement.refusal(terms, node.placement)
        if !refusal.isEmpty || node.free.isEmpty { return refusal }
        var lacking = ResourceFit.lacking(terms.requests, node.free).map { "Insufficient \($0)" }
        if let pods = node.free["pods"], pods.nanos <= 0 { lacking.insert("Too many pods", at: 0) }
        return lacking
    }
}

extension NodeRecord {
    /// As placement sees it.
    public var placement: PlacementNode {
        PlacementNode(name: name, labels: NodeLabels.all(name, facts: facts, own: labels), offer: offer, written: written)
    }
}
