import CLinux
import Glibc

/// All processes of one running pod: the main one and whatever it left in its cgroup, or in its session where there is no cgroup2.
public struct PodProcesses: Sendable {
    /// The container's command.
    public let main: RunningProcess
    private let cgroup: Cgroup?
    private let session: Session

    /// The processes around `main`, which was started with this cgroup.
    public init(main: RunningProcess, cgroup: Cgroup?) {
        (self.main, self.cgroup) = (main, cgroup)
        // Only sessions need the start time: reading it costs more than the rest of this.
        let identity = cgroup == nil ? ProcessIdentity(pid: main.pid) : nil
        session = Session(leader: identity ?? ProcessIdentity(pid: main.pid, startTicks: 0))
    }

    /// Whether no live process is left.
    public var isEmpty: Bool {
        cgroup.map { !$0.isPopulated } ?? session.processes().isEmpty
    }

    /// Sends a signal to every process.
    public func send(signal: Int32) {
        if let cgroup { cgroup.send(signal: signal) } else { session.send(signal: signal) }
    }

    /// Kills every process, also those being forked (without cgroup2: those that are found at this moment).
    public func kill() {
        if let cgroup { cgroup.kill() } else { session.send(signal: SIGKILL) }
    }
}
