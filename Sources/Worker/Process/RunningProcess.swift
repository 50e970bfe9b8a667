import CLinux
import Synchronization

/// A process that was started: it has reached exec. Its pidfd stays open as long as this object lives, so signals never hit a recycled pid.
public final class RunningProcess: Sendable {
    /// Its pid, which is also the id of its session.
    public let pid: Int32
    /// Its pidfd, owned by this object.
    public let pidfd: Int32
    /// When exec was reached, in ns since 1970 (CLOCK_REALTIME).
    public let startedAt: Int64

    private let handle: Descriptor
    private let state = Mutex(State())

    private struct State {
        var end: End?
        var waiting: [CheckedContinuation<End, Never>] = []
    }

    /// How and when a process ended.
    public struct End: Sendable, Equatable {
        public var status: ExitStatus
        /// In ns since 1970.
        public var at: Int64
    }

    init(pid: Int32, pidfd: Int32, startedAt: Int64) {
        (self.pid, self.pidfd, self.startedAt) = (pid, pidfd, startedAt)
        handle = Descriptor(owning: pidfd)
    }

    /// Waits for its end. Cancellation does not shorten the wait: end the process instead.
    public func exit() async -> ExitStatus {
        await end().status
    }

    /// Waits for its end and gives the time, too.
    public func end() async -> End {
        await withCheckedContinuation { continuation in
            let end = state.withLock { state in
                if state.end == nil { state.waiting.append(continuation) }
                return state.end
            }
            if let end { continuation.resume(returning: end) }
        }
    }

    /// How it ended; nil while it runs.
    public var status: ExitStatus? {
        state.withLock { $0.end?.status }
    }

    /// Sends a signal to this process alone; false if it has ended.
    @discardableResult
    public func send(signal: Int32) -> Bool {
        drover_pidfd_signal(pidfd, signal) == 0
    }

    func ended(_ status: ExitStatus) {
        let end = End(status: status, at: drover_realtime_ns())
        let waiting = state.withLock { state in
            state.end = end
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: end) }
    }
}
