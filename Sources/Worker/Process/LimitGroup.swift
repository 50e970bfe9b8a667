import CLinux
import Glibc
import Synchronization

/// The limits of a container's processes, in force until it is removed. It may serve one run after the other.
final class LimitGroup: Sendable {
    /// A run must not pay for what runs before it have left in memory (files, mostly): this part of the limit may stay.
    private static let leftover: Int64 = 8

    let limits: ResourceLimits
    /// v1: the directories, and the files that a process enters them by.
    private let folders: [String: String]
    private let entries: [Descriptor]
    private let ranOut = Atomic<Bool>(false)
    private let isOver = Atomic<Bool>(false)
    private let alarm: Descriptor?
    private let gauges: Mutex<Gauges>
    /// Whom the alarm is for.
    private let target = Mutex<PodProcesses?>(nil)

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
            // A process that moves itself as the one thread that it is does not wait until no other forks, as with cgroup.procs.
            guard let entry = Descriptor(path: folder + "/tasks", flags: O_WRONLY) else { throw CgroupError(path: folder, code: errno) }
            entries.append(entry)
        }
        (self.folders, self.entries) = (folders, entries)
        let gauges = Gauges(processor: folders["cpu"], memory: folders["memory"])
        alarm = folders["memory"].flatMap { Self.alarm($0, gauges.events) }
        self.gauges = Mutex(gauges)
    }

    /// Told when a v1 memory group has run out.
    private static func alarm(_ folder: String, _ control: Descriptor?) -> Descriptor? {
        let alarm = Descriptor(owning: drover_eventfd())
        guard let control else { return nil }
        return LimitHost.write("\(alarm.number) \(control.number)", to: folder + "/cgroup.event_control") ? alarm : nil
    }

    /// For `ProcessSpec.limitProcs`.
    var procs: [Int32] { entries.map(\.number) }

    /// Sets the limits of a cgroup2 directory in which nothing runs yet.
    func prepare(_ cgroup: Cgroup, in slot: Cgroup) throws(CgroupError) {
        guard folders.isEmpty, !limits.isNone else { return }
        guard LimitHost.enable(in: slot.path) else { throw CgroupError(path: slot.path + "/cgroup.subtree_control", code: errno) }
        for (file, value) in limits.unified where !LimitHost.write(value, to: cgroup.path + "/" + file) {
            throw CgroupError(path: cgroup.path + "/" + file, code: errno)
        }
        gauges.withLock { $0 = Gauges(unified: cgroup.path) }
    }

    /// Ends all of the container when its memory has run out: the kernel of v1 ends one process only.
    func watch(_ pod: PodProcesses, _ reaper: ProcessReaper) {
        guard let alarm else { return }
        let isWatched = target.withLock { target in
            defer { target = pod }
            return target != nil
        }
        if isWatched { return }
        reaper.watch(alarm.number) { [self] in
            drover_drain(alarm.number)
            if isOver.load(ordering: .sequentiallyConsistent) { return false }
            ranOut.store(true, ordering: .sequentiallyConsistent)
            target.withLock { $0 }?.kill()
            return true
        }
    }

    /// Whether the kernel has ended something in it for want of memory.
    var hasRunOut: Bool {
        if ranOut.load(ordering: .sequentiallyConsistent) { return true }
        let hasRunOut = gauges.withLock(\.hasRunOut)
        if hasRunOut { ranOut.store(true, ordering: .sequentiallyConsistent) }
        return hasRunOut
    }

    /// Makes it as good as new for the next run, its whole share of the cores included. False if it can't be: a new one is needed then.
    func renew() -> Bool {
        if ranOut.load(ordering: .sequentiallyConsistent) { return false }
        return gauges.withLock { gauges in
            if let memory = limits.memory, gauges.memoryInUse.map({ $0 > memory / Self.leftover }) ?? true { return false }
            return limits.cpu == nil || gauges.setQuota(folders.isEmpty ? limits.quota.unified : limits.quota.split)
        }
    }

    /// Nothing of the container runs any more.
    func remove() {
        isOver.store(true, ordering: .sequentiallyConsistent)
        // The watch on it ends with this.
        if let alarm { drover_eventfd_signal(alarm.number) }
        for folder in folders.values { _ = removeCgroup(folder) }
    }
}

/// The files of a group that tell how it stands, kept open.
private struct Gauges {
    /// Says how many were killed for want of memory.
    private(set) var events: Descriptor?
    private var usage: Descriptor?
    private var quota: Descriptor?

    /// v1.
    init(processor: String?, memory: String?) {
        events = memory.flatMap { Descriptor(path: $0 + "/memory.oom_control", flags: O_RDONLY) }
        usage = memory.flatMap { Descriptor(path: $0 + "/memory.usage_in_bytes", flags: O_RDONLY) }
        quota = processor.flatMap { Descriptor(path: $0 + "/cpu.cfs_quota_us", flags: O_WRONLY) }
    }

    init(unified path: String) {
        events = Descriptor(path: path + "/memory.events", flags: O_RDONLY)
        usage = Descriptor(path: path + "/memory.current", flags: O_RDONLY)
        quota = Descriptor(path: path + "/cpu.max", flags: O_WRONLY)
    }

    var hasRunOut: Bool {
        let lines = String(decoding: events?.read(at: 0, limit: 1024) ?? [], as: UTF8.self).split(separator: "\n")
        return lines.contains { $0.hasPrefix("oom_kill ") && $0 != "oom_kill 0" }
    }

    /// In bytes; nil if it can't be read.
    var memoryInUse: Int64? {
        Int64(String(decoding: usage?.read(at: 0, limit: 32).prefix { $0 != UInt8(ascii: "\n") } ?? [], as: UTF8.self))
    }

    /// The kernel hands out a quota that is written anew at once.
    func setQuota(_ text: String) -> Bool {
        guard let quota else { return false }
        return pwrite(quota.number, text, text.utf8.count, 0) == text.utf8.count
    }
}
