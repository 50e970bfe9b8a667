import Synchronization

/// Whether the user wants it to end; cuts waits short.
final class Interruption: Sendable {
    private struct State {
        var isSet = false
        var nap: Task<Void, Never>?
    }

    private let state = Mutex(State())

    var isSet: Bool { state.withLock { $0.isSet } }

    func set() {
        state.withLock { state in
            state.isSet = true
            state.nap?.cancel()
        }
    }

    func pause(_ duration: Duration) async {
        let nap = Task { _ = try? await Task.sleep(for: duration) }
        let isSet = state.withLock { state in
            state.nap = nap
            return state.isSet
        }
        if isSet { nap.cancel() }
        await nap.value
    }
}
