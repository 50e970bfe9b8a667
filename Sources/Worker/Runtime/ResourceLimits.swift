import BatchAPI

/// What the kernel keeps a container to.
public struct ResourceLimits: Sendable, Hashable {
    /// Thousandths of a core.
    public var cpu: Int64?
    /// Thousandths of a core that it weighs where cores are short.
    public var cpuWeight: Int64?
    /// In bytes.
    public var memory: Int64?
    /// Processes and threads.
    public var processes: Int64?

    public init() {}

    /// A container's `resources.limits`. Requests count where there are limits, too: they alone make no group.
    init(_ container: Container, processes: Int64?) {
        cpu = Self.amount(container.limit("cpu"))?.milliUnits
        memory = Self.amount(container.limit("memory"))?.wholeUnits
        self.processes = processes
        if cpu != nil || memory != nil { cpuWeight = Self.amount(container.request("cpu"))?.milliUnits ?? cpu }
    }

    private static func amount(_ value: Value?) -> Quantity? {
        value.flatMap { try? Quantity($0) }.flatMap { $0.nanos > 0 ? $0 : nil }
    }

    var isNone: Bool { self == ResourceLimits() }

    /// Microseconds of cores in each tenth of a second: what is written into `cpu.cfs_quota_us`, and into `cpu.max`.
    var quota: (split: String, unified: String) {
        let quota = max(1000, (cpu ?? 0) * 100)
        return (String(quota), "\(quota) 100000")
    }

    /// The files of a v1 hierarchy, by controller, and what is written into them.
    var split: [(controller: String, files: [(name: String, value: String)])] {
        var groups: [(controller: String, files: [(name: String, value: String)])] = []
        var processor: [(name: String, value: String)] = []
        if cpu != nil { processor += [("cpu.cfs_period_us", "100000"), ("cpu.cfs_quota_us", quota.split)] }
        if cpuWeight != nil { processor.append(("cpu.shares", String(shares))) }
        if !processor.isEmpty { groups.append(("cpu", processor)) }
        if let memory { groups.append(("memory", [("memory.limit_in_bytes", String(memory))])) }
        if let processes { groups.append(("pids", [("pids.max", String(processes))])) }
        return groups
    }

    /// The files of a cgroup2 directory.
    var unified: [(name: String, value: String)] {
        var files: [(name: String, value: String)] = []
        if cpu != nil { files.append(("cpu.max", quota.unified)) }
        if cpuWeight != nil { files.append(("cpu.weight", String(1 + (shares - 2) * 9999 / 262_142))) }
        if let memory { files += [("memory.max", String(memory)), ("memory.oom.group", "1")] }
        if let processes { files.append(("pids.max", String(processes))) }
        return files
    }

    private var shares: Int64 { min(max(2, (cpuWeight ?? 0) * 1024 / 1000), 262_144) }
}
