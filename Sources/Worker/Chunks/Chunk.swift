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
    /// The lease's.
    let attempt: Attempt
    private let over = Atomic<Bool>(false)
    private let reached = Atomic<Int>(0)
    private let state = Mutex(State())

    private struct State {
        var cancel: (@Sendable () -> Void)?
        var isCancelled = false
        var isKilled = false
        var hasEnded = false
    }

    init(_ attempt: Attempt) {
        let grant = attempt.grant
        (self.attempt, job, items, payloads) = (attempt, attempt.job, grant.items, grant.payloads)
    }

    /// Whether no further item may begin. Cheap enough to be asked for each.
    package var isOver: Bool { over.load(ordering: .relaxed) }

    /// Whether the item at this place, from 0, may begin; asked in order, once more if one is begun again. The first may unless the chunk is
    /// cancelled, so that each lease does something.
    package func begins(_ place: Int) -> Bool {
        if place >= reached.load(ordering: .relaxed) { reached.store(place + 1, ordering: .sequentiallyConsistent) }
        return !over.load(ordering: .sequentiallyConsistent) || place == 0 && !isCancelled
    }

    /// How many items, from the first, have begun or may begin once the chunk is over.
    var begun: Int { max(1, reached.load(ordering: .sequentiallyConsistent)) }

    /// Whether the item that runs is to end, too.
    package var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Whether it gets no more time for that.
    var isKilled: Bool { state.withLock { $0.isKilled } }

    /// What ends the item that runs; called at once if it is to end already.
    package func onCancel(_ body: @escaping @Sendable () -> Void) {
        let isCancelled = state.withLock { state in
            state.cancel = body
            return state.isCancelled
        }
        if isCancelled { body() }
    }

    /// The item that runs is the last one.
    func finish() { over.store(true, ordering: .sequentiallyConsistent) }

    func end() { state.withLock { ($0.hasEnded, $0.cancel) = (true, nil) } }

    package var hasEnded: Bool { state.withLock { $0.hasEnded } }

    package func terminate() { cancel(isKill: false) }
    package func kill() { cancel(isKill: true) }

    private func cancel(isKill: Bool) {
        finish()
        let cancel = state.withLock { state in
            (state.isCancelled, state.isKilled) = (true, state.isKilled || isKill)
            return state.cancel
        }
        cancel?()
    }
}
