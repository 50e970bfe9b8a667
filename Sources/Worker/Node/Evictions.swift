import BatchAPI
import Broker
import Synchronization

/// Ends attempts that a NoExecute taint of the node does not let go on: at once, or when the seconds are over for which they tolerate it.
final class Evictions: Sendable {
    /// Attempts that wait for their time, and when that is.
    private let waiting = Mutex<[UInt64: Duration]>([:])

    /// Looks at one attempt: when it starts, and whenever the node's taints may have changed.
    func watch(_ attempt: Attempt, _ node: NodeContext) {
        let (taints, since) = node.placement.evicting, time = node.time
        if taints.isEmpty { return }
        let tolerations = attempt.job.spec.template.spec.tolerations.map { Toleration($0) }
        guard let patience = TaintToleration.patience(tolerations, taints) else { return }
        let due = max(since, attempt.began) + patience
        if due <= time.now { return attempt.stop(StopOrder(cause: .tainted, grace: nil)) }
        guard waiting.withLock({ $0.updateValue(due, forKey: attempt.id) != due }) else { return }
        time.spawn { [self] in
            try? await time.sleep(for: due - time.now)
            guard waiting.withLock({ $0[attempt.id] == due ? $0.removeValue(forKey: attempt.id) : nil }) != nil else { return }
            // The taint may be gone, or another one, and the attempt over.
            if node.attempts.find(job: attempt.grant.job, token: attempt.grant.token) === attempt { watch(attempt, node) }
        }
    }
}
