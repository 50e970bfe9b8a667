/// A pod that was bound by its creator runs there and nowhere else.
enum NodeName {
    static func refusal(_ terms: PlacementTerms, _ node: PlacementNode) -> [String] {
        guard let name = terms.nodeName, name != node.name else { return [] }
        return ["node(s) didn't match the requested node name"]
    }
}
