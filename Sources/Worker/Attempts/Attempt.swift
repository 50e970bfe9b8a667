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
        /// Asked what is told of single containers.
        var containers: (@Sendable () -> [ContainerState])?
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

    /// What a pod of several containers says of itself, and that something of it has changed.
    /// - Returns: whether there is something to tell.
    func note(isReady: Bool, restarts: Int) -> Bool {
        state.withLock { state in
            let isTold = state.containers != nil
            if isTold || state.isReady != isReady || state.restarts != restarts {
                (state.isReady, state.restarts, state.isAnnounced) = (isReady, restarts, false)
            }
            return (isTold || state.startedAt != nil) && !state.isAnnounced
        }
    }

    /// From now on each of its containers is told of, as `containers` says then; of none if it is empty.
    func tells(of containers: @escaping @Sendable () -> [ContainerState]) {
        state.withLock { ($0.containers, $0.isAnnounced) = (containers, false) }
    }

    /// For the store; nil: nothing is told of single containers.
    func containers(now: Int64) -> String? {
        guard let states = state.withLock({ $0.containers })?() else { return nil }
        return states.isEmpty ? ContainerState.none : ContainerState.text(states, now: Timestamp(milliseconds: now))
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

    /// That a container runs, to be told once (P1), or what is to be told of single containers. nil if it was told, or there is nothing.
    func unannounced(now: Int64, instance: String) -> Progress? {
        let progress = state.withLock { state -> Progress? in
            guard !state.isAnnounced, state.startedAt != nil ? state.pod != nil : state.containers != nil else { return nil }
            state.isAnnounced = true
            let startedAgo = state.startedAt.map { Int(max(0, now - $0)) }
            return Progress(
                job: grant.job, token: grant.token, instance: instance, startedAgo: startedAgo ?? -1, restarts: state.restarts,
                isRunning: startedAgo != nil && state.isReady, lastExitCode: state.lastExit)
        }
        guard var progress else { return nil }
        progress.states = containers(now: now)
        return progress
    }
}
