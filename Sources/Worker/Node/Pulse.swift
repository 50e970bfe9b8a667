import Broker
import Synchronization

/// A pause that can be cut short.
final class Pulse: Sendable {
    private let nap = Mutex<Task<Void, Never>?>(nil)

    /// Waits so long, or until `kick()` or cancellation.
    func pause(_ duration: Duration, _ time: any Timekeeper) async {
        let task = time.spawn { try? await time.sleep(for: duration) }
        nap.withLock { $0 = task }
        await withTaskCancellationHandler { await task.value } onCancel: { task.cancel() }
    }

    func kick() { nap.withLock { $0 }?.cancel() }
}
