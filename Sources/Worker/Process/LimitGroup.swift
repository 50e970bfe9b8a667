import CLinux
import Glibc
import Synchronization

/// The limits of one run of a container, in force as long as the object lives and is not removed.
final class LimitGroup: Sendable {
    private let limits: ResourceLimits
    /// v1: the directories, and the files that a process enters them by.
    private let folders: [String: String]
    private let entries: [Descriptor]
    private let ranOut = Atomic<Bool>(false)
    private let isOver = Atomic<Bool>(false)
    private let alarm: Descriptor?
    /// v2: the container's directory, once it is made.
    private let part = Mutex<String?>(nil)

    /// Makes what can be made before the container's own cgroup.
    init(_ limits: ResourceLimits, host: LimitHost, name: String) throws(CgroupError) {
        self.limits = limits
        var folders: [String: String] = [:], entries: [Descriptor] = []
        for (controller, files) in limits.split {
            guard case .split(let tops) = host, let top = tops[controller] else { break }
            let folder = top + "/" + name
            guard makeDirectory(folder, mode: 0o755) else { throw CgroupError(path: folder, code: errno) }
            folders[controller] = folder
            for (file, value) in files where !LimitHost.write(value, to: folder + "/" + file) {
                throw CgroupError(path: folder + "/" + file, code: errno)
            }
            guard let entry = Descriptor(path: folder + "/cgroup.procs", flags: O_WRONLY) else { throw CgroupError(path: folder, code: errno) }
            entries.append(entry)
        }
        (self.folders, self.entries) = (folders, entries)
        alarm = folders["memory"].flatMap(Self.alarm)
    }

    /// Told when a v1 memory group has run out.
    private static func alarm(_ folder: String) -> Descriptor? {
        let alarm = Descriptor(owning: drover_eventfd())
        guard let control = Descriptor(path: folder + "/memory.oom_control", flags: O_RDONLY) else { return nil }
        return LimitHost.write("\(alarm.number) \(control.number)", to: folder + "/cgroup.event_control") ? alarm : nil
    }

    /// For `ProcessSpec.limitProcs`.
    var procs: [Int32] { entries.map(\.number) }

    /// Sets the limits of a cgroup2 directory in which nothing runs yet.
    func prepare(_ cgroup: Cgroup, in slot: Cgroup) throws(CgroupError) {
        guard folders.isEmpty, !limits.isNone else { return }
        guard LimitHost.enable(in: slot.path) else { throw CgroupError(path: slot.path + "/cgroup.subtree_control", code: errno) }
        part.withLock { $0 = cgroup.path }
        for (file, value) in limits.unified where !LimitHost.write(value, to: cgroup.path + "/" + file) {
            throw CgroupError(path: cgroup.path + "/" + file, code: errno)
        }
    }

    /// Ends all of the container when its memory has run out: the kernel of v1 ends one process only.
    func watch(_ pod: PodProcesses, _ reaper: ProcessReaper) {
        guard let alarm else { return }
        reaper.watch(alarm.number) { [self] in
            drover_drain(alarm.number)
            if isOver.load(ordering: .sequentiallyConsistent) { return false }
            ranOut.store(true, ordering: .sequentiallyConsistent)
            pod.kill()
            return true
        }
    }

    /// Whether the kernel has ended something of it for want of memory.
    var hasRunOut: Bool {
        if ranOut.load(ordering: .sequentiallyConsistent) { return true }
        let file = folders["memory"].map { $0 + "/memory.oom_control" } ?? part.withLock { $0.map { $0 + "/memory.events" } }
        let lines = (file.flatMap { readSmallFile($0) } ?? "").split(separator: "\n")
        return lines.contains { $0.hasPrefix("oom_kill ") && $0 != "oom_kill 0" }
    }

    /// Nothing of the container runs any more.
    func remove() {
        isOver.store(true, ordering: .sequentiallyConsistent)
        // The watch on it ends with this.
        if let alarm { drover_eventfd_signal(alarm.number) }
        for folder in folders.values { _ = removeCgroup(folder) }
    }
}
