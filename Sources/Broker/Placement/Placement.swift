import BatchAPI

/// Which nodes may run what: the rules of Kubernetes' scheduler, one a file, in its order. Pure: a node asks by what it knows of itself, the
/// leader for all nodes when it says why a pod waits. Reasons are the scheduler's own words.
public enum Placement {
    /// Why the node never runs pods of these terms, as it is now; empty if it may. The first rule that says no says why.
    public static func refusal(_ terms: PlacementTerms, _ node: PlacementNode) -> [String] {
        let rules = [
            NodeUnschedulable.refusal, NodeName.refusal, TaintToleration.refusal, NodeAffinity.refusal, RuntimeOffer.refusal, ResourceFit.refusal,
            TopologyLabels.refusal,
        ]
        for rule in rules {
            let reasons = rule(terms, node)
            if !reasons.isEmpty { return reasons }
        }
        return []
    }

    public static func fits(_ terms: PlacementTerms, _ node: PlacementNode) -> Bool { refusal(terms, node).isEmpty }
}
