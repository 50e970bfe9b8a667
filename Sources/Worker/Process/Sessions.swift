import CLinux
import Glibc

/// A process that cannot be mistaken for a later one of the same pid.
public struct ProcessIdentity: Sendable, Equatable {
    public var pid: Int32
    /// Its start in clock ticks since boot (field 22 of /proc/pid/stat); 0 is unknown.
    public var startTicks: UInt64

    /// Names it by its parts.
    public init(pid: Int32, startTicks: UInt64) {
        (self.pid, self.startTicks) = (pid, startTicks)
    }

    /// The process that has this pid now; nil if there is none.
    public init?(pid: Int32) {
        guard let status = ProcessStatus(pid: pid) else { return nil }
        self.init(pid: pid, startTicks: status.startTicks)
    }

    /// Whether it is still there (perhaps as a zombie).
    public var exists: Bool {
        ProcessStatus(pid: pid).map { startTicks == 0 || $0.startTicks == startTicks } ?? false
    }
}

/// What /proc/pid/stat says.
struct ProcessStatus: Equatable {
    var state: Character
    var parent: Int32
    var session: Int32
    var startTicks: UInt64

    init?(pid: Int32) {
        guard let text = readSmallFile("/proc/\(pid)/stat") else { return nil }
        self.init(text: text)
    }

    /// The command's name may hold blanks and brackets, so fields are counted from its last bracket.
    init?(text: String) {
        guard let bracket = text.utf8.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = text[text.utf8.index(after: bracket)...].split(separator: " ")
        guard fields.count > 19, let parent = Int32(fields[1]), let session = Int32(fields[3]), let start = UInt64(fields[19]) else { return nil }
        (state, self.parent, self.session, startTicks) = (fields[0].first!, parent, session, start)
    }
}

/// The processes of one session: what a pod is where the host has no cgroup2. A process that makes a session of its own leaves it.
public struct Session: Sendable, Equatable {
    /// The process that made it.
    public var leader: ProcessIdentity

    /// The session that `leader` made.
    public init(leader: ProcessIdentity) {
        self.leader = leader
    }

    /// Its live processes. Empty if the leader's pid belongs to a later process now: while one member lives, the kernel does not give it away.
    public func processes() -> [Int32] {
        if let now = ProcessStatus(pid: leader.pid), leader.startTicks != 0, now.startTicks != leader.startTicks { return [] }
        return directoryEntries("/proc").compactMap { Int32($0) }.filter(contains)
    }

    /// Sends a signal to each of its processes.
    public func send(signal: Int32) {
        for pid in processes() { sendVerified(signal, to: pid) { contains(pid) } }
    }

    private func contains(_ pid: Int32) -> Bool {
        // getsid is a hundred times cheaper than reading the state, and sorts out nearly all.
        guard getsid(pid) == leader.pid, let status = ProcessStatus(pid: pid) else { return false }
        return status.session == leader.pid && status.state != "Z" && status.state != "X"
    }
}
