import BatchAPI
import Broker
import Synchronization

/// Items that one slot runs under one lease.
package final class Chunk: RunningPod, Sendable {
    package let job: Job
    /// nil: the attempt has no item (a work queue's).
    package let items: ClosedRange<Int>?
    /// What was pushed with them; empty if nothing was.
    package let payloads: [UInt8]
    private let over = Atomic<Bool>(false)
    private let state = Mutex(State())

    private struct State {
        var cancel: (@Sendable () -> Void)?
        var isCancelled = false
        var hasEnded = false
    }

    init(_ grant: Grant, _ job: Job) { (self.job, items, payloads) = (job, grant.items, grant.payloads) }

    /// Whether no further item may begin. Cheap enough to be asked for each.
    package var isOver: Bool { over.load(ordering: .relaxed) }

    /// Whether the item that runs is to end, too.
    package var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// What ends the item that runs; called at once if it is to end already.
    package func onCancel(_ body: @escaping @Sendable () -> Void) {
        let isCancelled = state.withLock { state in
            state.cancel = body
            return state.isCancelled
        }
        if isCancelled { body() }
    }

    /// The item that runs is the last one.
    func finish() { over.store(true, ordering: .relaxed) }

    func end() { state.withLock { ($0.hasEnded, $0.cancel) = (true, nil) } }

    package var hasEnded: Bool { state.withLock { $0.hasEnded } }

    package func terminate() {
        finish()
        let cancel = state.withLock { state in
            state.isCancelled = true
            return state.cancel
        }
        cancel?()
    }

    package func kill() { terminate() }
}
