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
