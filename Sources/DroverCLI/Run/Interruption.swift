import Synchronization

/// Why a part is to end before its work is done; cuts waits short. The first cause counts.
final class Interruption: Sendable {
    enum Cause: Sendable, Equatable {
        /// The user wants it.
        case signal
        /// Nobody reads the output any more.
        case brokenPipe
        /// The store is gone, or can't be used.
        case lost(String)
    }

    private struct State {
        var cause: Cause?
        var nap: Task<Void, Never>?
    }

    private let state = Mutex(State())

    var cause: Cause? { state.withLock { $0.cause } }
    var isSet: Bool { cause != nil }

    /// - Returns: whether it is the first.
    @discardableResult
    func set(_ cause: Cause) -> Bool {
        state.withLock { state in
            state.nap?.cancel()
            guard state.cause == nil else { return false }
            state.cause = cause
            return true
        }
    }

    func pause(_ duration: Duration) async {
        let nap = Task { _ = try? await Task.sleep(for: duration) }
        let isSet = state.withLock { state in
            state.nap = nap
            return state.cause != nil
        }
        if isSet { nap.cancel() }
        await nap.value
    }
}
