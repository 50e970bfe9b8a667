import Glibc

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
