import CLinux
import Glibc
import Synchronization

/// Starts processes and waits for all of them on one epoll thread, which ends with the last reference.
public final class ProcessReaper: Sendable {
    private let loop: EventLoop

    /// Starts the thread. Traps if the process is out of descriptors or threads.
    public init() {
        loop = EventLoop(name: "reaper")
    }

    /// Waits on a lane's thread instead.
    init(on lane: any SlotLane) {
        loop = EventLoop(on: lane)
    }

    deinit {
        loop.stop()
    }

    /// Starts a process; when this returns it has reached exec. Suspends the calling thread for about 0.3 ms.
    public func spawn(_ spec: ProcessSpec) throws(SpawnError) -> RunningProcess {
        let result = try Spawner(spec).run()
        let process = RunningProcess(pid: result.pid, pidfd: result.pidfd, startedAt: drover_realtime_ns())
        loop.watch(process.pidfd, oneShot: true) {
            Self.reap(process)
            return false
        }
        return process
    }

    /// Calls `handler` on the reaper's thread whenever `descriptor` is readable or closed, until it returns false. It must not block.
    func watch(_ descriptor: Int32, handler: @escaping @Sendable () -> Bool) {
        loop.watch(descriptor, oneShot: false, handler: handler)
    }

    private static func reap(_ process: RunningProcess) {
        var end = drover_exit()
        let state = drover_pidfd_reap(process.pidfd, 1, &end)
        // ECHILD: somebody else in this program waited for all children. The status is lost, but the process is over.
        guard state == 1 else { return process.ended(.exited(255)) }
        process.ended(end.signaled == 1 ? .signaled(end.value) : .exited(end.value))
    }
}
