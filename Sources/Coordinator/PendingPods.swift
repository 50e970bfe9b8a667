import BatchAPI
import Broker

/// Pods that stand Pending show why no node takes them.
struct PendingPods {
    let broker: any Broker
    let epoch: Int64
    /// What nodes have free changes without news of it.
    private static let again = Duration.seconds(30)

    /// Pods that were bound by their creator wait for their node alone, those of agents outside are theirs to explain.
    func explain(_ state: LedgerState) async throws(BrokerError) {
        let terms = PlacementTerms(state.job.spec.template)
        guard state.pending > 0, !state.isExternal, terms.nodeName == nil else { return }
        let message = Unschedulable.message(terms, try await broker.nodes()) ?? ""
        try await broker.explain(uid: state.job.metadata.uid, epoch: epoch, message: message, again: Self.again)
    }
}
