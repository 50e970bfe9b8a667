import Synchronization

/// Whether this replica leads, and in which epoch. A stale answer does no harm: the store checks the epoch of every decision (I5).
final class Office: Sendable {
    private struct State {
        var epoch: Int64?
        /// By number, in the order in which they came.
        var waiting: [UInt64: CheckedContinuation<Int64?, Never>] = [:]
        var lastID: UInt64 = 0
    }

    private let state = Mutex(State())

    /// The epoch, if it leads.
    var epoch: Int64? { state.withLock { $0.epoch } }

    /// Leads in this epoch from now on; nil: leads no more.
    func hold(_ epoch: Int64?) {
        let waiting = state.withLock { state in
            state.epoch = epoch
            guard epoch != nil else { return [CheckedContinuation<Int64?, Never>]() }
            defer { state.waiting = [:] }
            return state.waiting.sorted { $0.key < $1.key }.map(\.value)
        }
        for continuation in waiting { continuation.resume(returning: epoch) }
    }

    /// Waits until it leads; nil when cancelled.
    func taken() async -> Int64? {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let epoch: Int64?? = state.withLock { state in
                    if Task.isCancelled { return .some(nil) }
                    if let epoch = state.epoch { return .some(epoch) }
                    state.waiting[id] = continuation
                    return nil
                }
                if let epoch { continuation.resume(returning: epoch) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(returning: nil)
        }
    }
}
