/// Every taint that keeps pods off must be tolerated. Binding by name passes over NoSchedule.
public enum TaintToleration {
    static func refusal(_ terms: PlacementTerms, _ node: PlacementNode) -> [String] {
        let hard = node.taints.filter { $0.effect == "NoExecute" || $0.effect == "NoSchedule" && terms.nodeName == nil }
        guard let taint = hard.first(where: { taint in !terms.tolerations.contains { $0.tolerates(taint) } }) else { return [] }
        return ["node(s) had untolerated taint {\(taint.key): \(taint.value)}"]
    }

    /// How long a pod may go on under the node's NoExecute taints; nil: for ever.
    public static func patience(_ tolerations: [Toleration], _ taints: [Taint]) -> Duration? {
        var seconds: [Int] = []
        for taint in taints where taint.effect == "NoExecute" {
            let used = tolerations.filter { $0.tolerates(taint) }
            if used.isEmpty { return .zero }
            seconds += used.compactMap(\.seconds)
        }
        return seconds.min().map { .seconds(max(0, $0)) }
    }

    /// How many taints of the node it would rather not have.
    static func disfavour(_ terms: PlacementTerms, _ node: PlacementNode) -> Int {
        node.taints.count { taint in taint.effect == "PreferNoSchedule" && !terms.tolerations.contains { $0.tolerates(taint) } }
    }
}
