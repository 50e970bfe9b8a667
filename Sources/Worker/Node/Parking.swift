import Synchronization

/// Where slots wait for work. A signal that finds nobody waiting lets the next one through, so none is lost; of many idle slots one at
/// a time asks the store.
final class Parking: Sendable {
    private struct State {
        var waiting: [CheckedContinuation<Bool, Never>] = []
        var isSignalled = false
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Waits for a signal; false when the worker drains.
    func park() async -> Bool {
        await withCheckedContinuation { continuation in
            let answer: Bool? = state.withLock { state in
                if state.isClosed { return false }
                if state.isSignalled {
                    state.isSignalled = false
                    return true
                }
                state.waiting.append(continuation)
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// There may be work for one more.
    func signal() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            if state.waiting.isEmpty { state.isSignalled = true }
            return state.waiting.popLast()
        }
        next?.resume(returning: true)
    }

    /// Sends all home, now and later.
    func close() {
        let all = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in all { continuation.resume(returning: false) }
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }
}
