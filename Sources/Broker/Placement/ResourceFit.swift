import BatchAPI

/// What a pod asks for must not be more than there is.
public enum ResourceFit {
    /// What the node does not have in all.
    static func refusal(_ terms: PlacementTerms, _ node: PlacementNode) -> [String] {
        lacking(terms.requests, node.capacity).map { "Insufficient \($0)" }
    }

    /// The resources of which there is not enough, in order.
    public static func lacking(_ requests: [String: Quantity], _ free: [String: Quantity]) -> [String] {
        requests.filter { $0.value.nanos > free[$0.key]?.nanos ?? 0 }.keys.sorted()
    }
}
