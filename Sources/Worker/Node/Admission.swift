import Synchronization

/// Whether slots may claim: not before the node is registered, while its lease is unsure, or while it has no guardian.
final class Admission: Sendable {
    /// What may stand in the way.
    enum Obstacle: Hashable, Sendable { case unregistered, lease, guardian }

    private struct State {
        var obstacles: Set<Obstacle> = [.unregistered]
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func shut(_ obstacle: Obstacle) { state.withLock { _ = $0.obstacles.insert(obstacle) } }

    func clear(_ obstacle: Obstacle) {
        let freed = state.withLock { state in
            state.obstacles.remove(obstacle)
            guard state.obstacles.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in freed { continuation.resume() }
    }

    /// Waits until nothing is in the way.
    func pass() async {
        if state.withLock({ $0.obstacles.isEmpty }) { return }
        await withCheckedContinuation { continuation in
            let isClear = state.withLock { state in
                if !state.obstacles.isEmpty { state.waiting.append(continuation) }
                return state.obstacles.isEmpty
            }
            if isClear { continuation.resume() }
        }
    }

    /// Lets the waiting ones through to see that the worker drains.
    func release() {
        let freed = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in freed { continuation.resume() }
    }
}
