import BatchAPI

/// How well a node suits a pod that may run there: the weights of the preferred affinity that it meets, less 100 for each PreferNoSchedule
/// taint that the pod does not tolerate.
public enum Preference {
    public static func score(_ terms: PlacementTerms, _ node: PlacementNode) -> Int {
        NodeAffinity.preference(terms, node) - 100 * TaintToleration.disfavour(terms, node)
    }

    /// Whether nodes can suit it better or worse at all.
    public static func matters(_ terms: PlacementTerms, _ node: PlacementNode) -> Bool {
        let preferred = terms.nodeAffinity?["preferredDuringSchedulingIgnoredDuringExecution"]?.array ?? []
        return !preferred.isEmpty || TaintToleration.disfavour(terms, node) > 0
    }

    /// Whether some other node that may run it suits it better.
    public static func isBeaten(_ node: PlacementNode, by others: [PlacementNode], for terms: PlacementTerms) -> Bool {
        let own = score(terms, node)
        return others.contains { $0.name != node.name && score(terms, $0) > own && Placement.fits(terms, $0) }
    }
}
