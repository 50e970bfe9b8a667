import BatchAPI
import Broker
import Synchronization

/// Why an attempt is to end, and how much time it gets.
package struct StopOrder: Sendable, Hashable {
    package enum Cause: Sendable, Hashable {
        /// Deleted: by a user, a shrink, an ending Job.
        case deleted
        /// The worker drains (P7, TerminationByKubelet).
        case drained
        /// The pod's own deadline (P9).
        case deadline
        /// It has taken more of its host than it may; the text says of what.
        case evicted(String)
        /// A taint of its node does not let it go on (P7, DeletionByTaintManager).
        case tainted
    }

    package var cause: Cause
    /// nil: the plan's own.
    package var grace: Duration?
}

/// One attempt on this node: from the grant until its report was taken.
package final class Attempt: Sendable {
    /// Its name between worker and guardian.
    let id: UInt64
    let slot: Int
    package let grant: Grant
    package let job: Job
    /// When it was granted, by the node's monotonic clock.
    let began: Duration
    private let time: any Timekeeper
    private let state = Mutex(State())

    private struct State {
        var pod: (any RunningPod)?
        var order: StopOrder?
        var grace: Duration = .zero
        var nap: Task<Void, Never>?
        var startedAt: Int64?
        var restarts = 0
        var lastExit: Int?
        var isAnnounced = false
        var isReady = true
    }

    init(id: UInt64, slot: Int, grant: Grant, job: Job, time: any Timekeeper) {
        (self.id, self.slot, self.grant, self.job, self.time, began) = (id, slot, grant, job, time, time.now)
    }

    /// The first order that was given, if any.
    package var order: StopOrder? { state.withLock { $0.order } }

    /// Something of it runs now. Ends it at once if the attempt was stopped meanwhile.
    /// - Parameter startedAt: since when its containers run; nil: they don't yet, see `began`.
    package func attach(_ pod: any RunningPod, startedAt: Int64?, grace: Duration) {
        let order = state.withLock { state in
            (state.pod, state.grace) = (pod, grace)
            if state.startedAt == nil { state.startedAt = startedAt }
            return state.order
        }
        if let order { end(pod, order.grace ?? grace) }
    }

    /// Its containers run since then.
    func began(at time: Int64) { state.withLock { if $0.startedAt == nil { $0.startedAt = time } } }

    /// What a pod of several containers says of itself.
    /// - Returns: whether there is something to tell.
    func note(isReady: Bool, restarts: Int) -> Bool {
        state.withLock { state in
            if state.isReady != isReady || state.restarts != restarts { (state.isReady, state.restarts, state.isAnnounced) = (isReady, restarts, false) }
            return state.startedAt != nil && !state.isAnnounced
        }
    }

    package func detach() { state.withLock { $0.pod = nil } }

    /// Ends it. A second order can only shorten the time that the first one gave.
    func stop(_ order: StopOrder) {
        let (pod, grace) = state.withLock { state in
            if state.order == nil { state.order = order }
            state.nap?.cancel()
            return (state.pod, order.grace ?? state.grace)
        }
        if let pod { end(pod, grace) }
    }

    /// SIGTERM, and SIGKILL if the main process outlives its grace; what is left after the main process is the runner's to clear.
    private func end(_ pod: any RunningPod, _ grace: Duration) {
        time.spawn { [time] in
            if grace > .zero {
                self.whileAttached(pod) { pod.terminate() }
                _ = await time.poll(timeout: grace) { pod.hasEnded }
            }
            self.whileAttached(pod) { pod.kill() }
        }
    }

    /// The slot's cgroup serves the next attempt as soon as this one is detached: nothing may be sent to it from then on.
    private func whileAttached(_ pod: any RunningPod, _ body: () -> Void) {
        state.withLock { state in if state.pod != nil, !pod.hasEnded { body() } }
    }

    /// Waits between two containers (P4); a stop cuts it short.
    func nap(_ duration: Duration) async {
        let nap = time.spawn { [time] in try? await time.sleep(for: duration) }
        let isStopped = state.withLock { state in
            state.nap = nap
            return state.order != nil
        }
        if isStopped { nap.cancel() }
        await nap.value
    }

    /// Another container is about to start in its place.
    /// - Returns: how many did so far (P3).
    func restart(afterExit code: Int) -> Int {
        state.withLock { state in
            (state.restarts, state.lastExit, state.isAnnounced) = (state.restarts + 1, code, false)
            return state.restarts
        }
    }

    var restarts: Int { state.withLock { $0.restarts } }

    /// That a container runs, to be told once (P1): how long ago the first began, the restarts, and how the last container ended. nil if it
    /// was told, or none runs.
    func unannounced(now: Int64) -> (startedAgo: Int, restarts: Int, isReady: Bool, lastExit: Int?)? {
        state.withLock { state in
            guard !state.isAnnounced, state.pod != nil, let startedAt = state.startedAt else { return nil }
            state.isAnnounced = true
            return (Int(max(0, now - startedAt)), state.restarts, state.isReady, state.lastExit)
        }
    }
}
