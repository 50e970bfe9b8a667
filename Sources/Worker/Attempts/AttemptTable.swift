import Broker
import Synchronization

/// The attempts of this node whose reports have not been taken yet.
final class AttemptTable: Sendable {
    private struct Key: Hashable {
        var job: String
        var token: Token
    }

    private struct State {
        var attempts: [Key: Attempt] = [:]
        var lastID: UInt64 = 0
        var idle: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func nextID() -> UInt64 {
        state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }

    func add(_ attempt: Attempt) { state.withLock { $0.attempts[Key(job: attempt.grant.job, token: attempt.grant.token)] = attempt } }

    func remove(_ attempt: Attempt) {
        let waiting = state.withLock { state in
            state.attempts[Key(job: attempt.grant.job, token: attempt.grant.token)] = nil
            guard state.attempts.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.idle = [] }
            return state.idle
        }
        for continuation in waiting { continuation.resume() }
    }

    func find(job: String, token: Token) -> Attempt? { state.withLock { $0.attempts[Key(job: job, token: token)] } }

    var all: [Attempt] { state.withLock { Array($0.attempts.values) } }

    /// Waits until there are none.
    func empty() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if !state.attempts.isEmpty { state.idle.append(continuation) }
                return state.attempts.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }
}
