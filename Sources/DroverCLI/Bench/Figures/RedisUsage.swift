/// What Redis has spent since its start.
struct RedisUsage: Sendable, Equatable {
    /// Calls that clients have made: of functions, and waits. What functions call in turn is not counted.
    var calls = 0
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
        }
    }
}
