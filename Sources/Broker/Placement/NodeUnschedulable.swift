/// A cordoned node takes nothing, unless the pod tolerates the taint that stands for it, or was bound to it by name.
enum NodeUnschedulable {
    static let taint = Taint(key: "node.kubernetes.io/unschedulable", effect: "NoSchedule")

    static func refusal(_ terms: PlacementTerms, _ node: PlacementNode) -> [String] {
        guard node.isUnschedulable, terms.nodeName == nil, !terms.tolerations.contains(where: { $0.tolerates(taint) }) else { return [] }
        return ["node(s) were unschedulable"]
    }
}
