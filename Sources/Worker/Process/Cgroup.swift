import CLinux
import Glibc
import Synchronization

/// A cgroup2 directory used for membership only: "all processes of this pod". Limits are a layer of their own.
/// Making one costs about 0.1 ms, so a slot keeps its cgroup from pod to pod; one that the guardian ended is gone, and a spawn into it
/// fails with ``SpawnError/isFenced``: make a new one then, under another name.
public final class Cgroup: Sendable {
    private let killed = Atomic<Bool>(false)
    /// Whether `kill()` was called. Some kernels kill whatever is born in such a cgroup later on, so it must not be used again.
    var wasKilled: Bool { killed.load(ordering: .sequentiallyConsistent) }
    /// The directory, absolute.
    public let path: String
    /// The last part of `path`.
    public let name: String
    let directory: Descriptor
    let procs: Descriptor
    private let events: Descriptor

    /// Makes the directory, or takes over an existing one.
    public init(path: String) throws(CgroupError) {
        self.path = path
        name = path.split(separator: "/").last.map(String.init) ?? path
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw CgroupError(path: path, code: errno) }
        guard let directory = Descriptor(path: path, flags: O_RDONLY | O_DIRECTORY),
            let procs = Descriptor(path: path + "/cgroup.procs", flags: O_RDWR),
            let events = Descriptor(path: path + "/cgroup.events", flags: O_RDONLY)
        else { throw CgroupError(path: path, code: errno) }
        (self.directory, self.procs, self.events) = (directory, procs, events)
    }

    /// Whether a live process is in it or below it. A zombie does not count; false also once the cgroup is gone.
    public var isPopulated: Bool {
        let text = events.read(at: 0, limit: 128)
        return text.starts(with: "populated 1".utf8)
    }

    /// Whether the directory is still there; if not, the guardian has ended what was in it.
    public var exists: Bool {
        access(path, F_OK) == 0
    }

    /// The pids in it and below it.
    public func processes() -> [Int32] {
        cgroupDirectories(path).flatMap { cgroupProcesses($0) }
    }

    /// Sends a signal to each of its processes.
    public func send(signal: Int32) {
        signalCgroup(signal, directories: cgroupDirectories(path))
    }

    /// Kills all of its processes, also those that are just being forked. They may take a moment to be gone: see `isPopulated`.
    public func kill() {
        killed.store(true, ordering: .sequentiallyConsistent)
        killCgroup(path)
    }

    /// Waits until no live process is left; false if some still are after `timeout`.
    public func waitUntilEmpty(timeout: Duration) async -> Bool {
        await poll(timeout: timeout) { !isPopulated }
    }

    /// Removes the directory and those below it. False if processes are still there: kill them and try again.
    @discardableResult
    public func remove() -> Bool {
        removeCgroup(path)
    }
}

/// A cgroup directory that could not be made or opened.
public struct CgroupError: Error, Sendable, Equatable, CustomStringConvertible {
    public var path: String
    /// The errno.
    public var code: Int32

    public var description: String { "cgroup \(path): \(errorText(code))" }
}

/// Kills all processes of a cgroup by cgroup.kill (Linux 5.14), else each in turn. False if the cgroup is gone.
@discardableResult
func killCgroup(_ path: String) -> Bool {
    if let file = Descriptor(path: path + "/cgroup.kill", flags: O_WRONLY) { return file.write("1") }
    guard access(path, F_OK) == 0 else { return false }
    signalCgroup(SIGKILL, directories: cgroupDirectories(path))
    return true
}

/// Removes a cgroup and those below it; true if it is gone now.
func removeCgroup(_ path: String) -> Bool {
    if rmdir(path) == 0 || errno == ENOENT { return true }
    for child in directoryEntries(path, onlyDirectories: true) { _ = removeCgroup(path + "/" + child) }
    return rmdir(path) == 0 || errno == ENOENT
}

private func cgroupDirectories(_ path: String) -> [String] {
    [path] + directoryEntries(path, onlyDirectories: true).flatMap { cgroupDirectories(path + "/" + $0) }
}

private func cgroupProcesses(_ path: String) -> [Int32] {
    (readSmallFile(path + "/cgroup.procs") ?? "").split(separator: "\n").compactMap { Int32($0) }.filter { $0 > 0 }
}

/// Sends a signal to each process of a cgroup and of those below it, each identified by a pidfd, so that no recycled pid is hit.
private func signalCgroup(_ signal: Int32, directories: [String]) {
    for directory in directories {
        for pid in cgroupProcesses(directory) {
            sendVerified(signal, to: pid) { cgroupProcesses(directory).contains(pid) }
        }
    }
}

/// Signals a pid through a pidfd if `isStillMember` holds once the pidfd pins it.
func sendVerified(_ signal: Int32, to pid: Int32, isStillMember: () -> Bool) {
    let number = drover_pidfd_open(pid)
    guard number >= 0 else { return }
    let pidfd = Descriptor(owning: number)
    if isStillMember() { drover_pidfd_signal(pidfd.number, signal) }
}

/// Asks `condition` at 1, 2, 4 ... 50 ms intervals until it holds (true) or `timeout` has passed.
func poll(timeout: Duration, _ condition: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + timeout
    var pause = Duration.milliseconds(1)
    while !condition() {
        if ContinuousClock.now >= end { return false }
        // A cancelled task must still see its processes gone, so the pause is not given up early.
        await uncancellableSleep(pause)
        pause = min(pause * 2, .milliseconds(50))
    }
    return true
}

/// Sleeps for the whole of `duration` even if the task is cancelled.
func uncancellableSleep(_ duration: Duration) async {
    await Task.detached { try? await Task.sleep(for: duration) }.value
}
