import Glibc

/// What Redis has spent since its start.
struct RedisUsage: Sendable, Equatable {
    /// Calls that clients have made: of functions, and waits. What functions call in turn is not counted.
    var calls = 0
    /// µs within these.
    var microseconds = 0
    /// Seconds of CPU in all.
    var cpu = 0.0
    /// Bytes that it holds now.
    var memory = 0
    var version = ""

    private static let callers: Set<Substring> = ["fcall", "fcall_ro", "blpop", "blmpop", "xread"]

    /// Of what INFO says.
    init(info: String) {
        for line in info.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "used_memory": memory = Int(parts[1]) ?? 0
            case "used_cpu_user", "used_cpu_sys": cpu += Double(parts[1]) ?? 0
            case "redis_version": version = String(parts[1])
            default: addCalls(parts[0], parts[1])
            }
        }
    }

    /// `cmdstat_fcall:calls=21,usec=375,...`
    private mutating func addCalls(_ name: Substring, _ values: Substring) {
        guard name.hasPrefix("cmdstat_"), Self.callers.contains(name.dropFirst(8)) else { return }
        for value in values.split(separator: ",") {
            if value.hasPrefix("calls=") { calls += Int(value.dropFirst(6)) ?? 0 }
            if value.hasPrefix("usec=") { microseconds += Int(value.dropFirst(5)) ?? 0 }
        }
    }
}

/// What a process has spent since its start, in ns.
struct ProcessUsage: Sendable, Equatable {
    /// CPU of its own.
    var cpu = 0
    /// CPU of its children that have ended.
    var children = 0
    /// Items whose time its handlers have taken, and that time.
    var items = 0, busy = 0

    /// This process'.
    static var own: ProcessUsage {
        ProcessUsage(cpu: nanoseconds(RUSAGE_SELF.rawValue), children: nanoseconds(RUSAGE_CHILDREN.rawValue))
    }

    private static func nanoseconds(_ who: Int32) -> Int {
        var usage = rusage()
        getrusage(who, &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + $1.tv_sec * 1_000_000_000 + Int($1.tv_usec) * 1000 }
    }

    static func + (one: Self, other: Self) -> Self {
        Self(cpu: one.cpu + other.cpu, children: one.children + other.children, items: one.items + other.items, busy: one.busy + other.busy)
    }

    static func - (one: Self, other: Self) -> Self {
        Self(cpu: one.cpu - other.cpu, children: one.children - other.children, items: one.items - other.items, busy: one.busy - other.busy)
    }

    /// As one process tells it to another.
    var line: String { "\(cpu) \(children) \(items) \(busy)" }

    init(cpu: Int = 0, children: Int = 0, items: Int = 0, busy: Int = 0) {
        (self.cpu, self.children, self.items, self.busy) = (cpu, children, items, busy)
    }

    init?(line: Substring) {
        let numbers = line.split(separator: " ").compactMap { Int($0) }
        guard numbers.count == 4 else { return nil }
        self.init(cpu: numbers[0], children: numbers[1], items: numbers[2], busy: numbers[3])
    }
}

/// What all cores of the host have done since it was started.
struct HostUsage: Sendable, Equatable {
    /// In ticks.
    var busy = 0, all = 0

    /// The first line of /proc/stat.
    init(stat: some StringProtocol) {
        let ticks = stat.split(separator: " ").dropFirst().prefix(8).compactMap { Int($0) }
        guard ticks.count >= 5 else { return }
        all = ticks.reduce(0, +)
        busy = all - ticks[3] - ticks[4]
    }

    /// The part of the cores' time, 0...1, since `before`; nil if none has passed.
    func busyPart(since before: HostUsage) -> Double? {
        all > before.all ? Double(busy - before.busy) / Double(all - before.all) : nil
    }
}

/// Time that all processes of the host share.
enum Monotonic {
    static var nanoseconds: Int { read(CLOCK_MONOTONIC) }
    /// CPU time of this thread.
    static var ofThread: Int { read(CLOCK_THREAD_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
