import BatchAPI
import Broker

/// Pods that stand Pending show why no node takes them.
struct PendingPods {
    let broker: any Broker
    let epoch: Int64
    /// What nodes have free changes without news of it.
    private static let again = Duration.seconds(30)

    /// Pods that were bound by their creator wait for their node alone, those of agents outside are theirs to explain.
    /// - Parameter areMissing: none runs, and they are too many to be stored.
    func explain(_ state: LedgerState, areMissing: Bool = false) async throws(BrokerError) {
        guard areMissing || state.pending > 0, !state.isExternal else { return }
        let terms = PlacementTerms(state.job.spec.template)
        if terms.nodeName != nil { return }
        let nodes = try await broker.nodes()
        let message = Unschedulable.message(terms, nodes, skewed: try await skewed(terms, state, nodes)) ?? ""
        try await broker.explain(uid: state.job.metadata.uid, epoch: epoch, message: message, again: Self.again, job: areMissing)
    }

    /// The nodes on which one more attempt would break a constraint.
    private func skewed(_ terms: PlacementTerms, _ state: LedgerState, _ nodes: [NodeRecord]) async throws(BrokerError) -> Set<String> {
        let domains = TopologySpread.domains(terms, nodes.map(\.placement))
        if domains.isEmpty { return [] }
        let live = try await broker.pods(uid: state.job.metadata.uid).filter { $0.isLive && $0.deletion == nil && !$0.node.isEmpty }
        let attempts = Dictionary(grouping: live, by: \.node).mapValues(\.count)
        return Set(nodes.map(\.name).filter { name in !domains.allSatisfy { $0.allows(name, attempts: attempts) } })
    }
}
