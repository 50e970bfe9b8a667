import CLinux
import Synchronization

/// Runs the guardian's release hook on threads of its own, since it may hang on a Redis that cannot be reached.
final class Releases: Sendable {
    private let hook: @Sendable ([UInt64]) -> Void
    private let running = Atomic<Int>(0)
    private let done = drover_eventfd()

    init(hook: @escaping @Sendable ([UInt64]) -> Void) {
        self.hook = hook
    }

    func start(_ ids: [UInt64]) {
        running.add(1, ordering: .sequentiallyConsistent)
        startThread(name: "release") {
            self.hook(ids)
            self.running.subtract(1, ordering: .sequentiallyConsistent)
            drover_eventfd_signal(self.done)
        }
    }

    /// Waits for all that were started, up to the given time.
    func wait(milliseconds: UInt64) {
        let end = drover_boottime_ms() + milliseconds
        while running.load(ordering: .sequentiallyConsistent) > 0 {
            let now = drover_boottime_ms()
            guard now < end else { return }
            if drover_wait_readable(done, Int32(end - now)) == 1 { drover_drain(done) }
        }
    }
}
