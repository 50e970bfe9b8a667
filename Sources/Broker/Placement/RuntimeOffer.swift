/// A handler runs where a program offers one for its image.
enum RuntimeOffer {
    static func refusal(_ terms: PlacementTerms, _ node: PlacementNode) -> [String] {
        guard let handler = terms.handler, !node.handlers.contains(handler) else { return [] }
        return ["node(s) had no handler for image \(handler)"]
    }
}
