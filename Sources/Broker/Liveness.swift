/// Tells who is lost: whoever's renewal number has stood still for a whole lease *on the watcher's own monotonic clock*. It never
/// compares clocks of two machines, and a watcher that starts, or has been away itself, begins to count anew.
public struct Liveness: Sendable {
    private struct Sight: Sendable {
        var instance: String
        var renewal: Int64
        var since: Duration
    }

    private var sights: [String: Sight] = [:]

    public init() {}

    /// Notes what was read at `now` (monotonic).
    /// - Returns: the ones whose lease has passed.
    public mutating func observe(_ seen: [(name: String, instance: String, renewal: Int64, lease: Duration)], now: Duration) -> [String] {
        var lost: [String] = []
        var next: [String: Sight] = [:]
        for one in seen {
            let before = sights[one.name]
            let isSame = before?.instance == one.instance && before?.renewal == one.renewal
            let sight = isSame ? before! : Sight(instance: one.instance, renewal: one.renewal, since: now)
            next[one.name] = sight
            if now - sight.since >= one.lease { lost.append(one.name) }
        }
        sights = next
        return lost
    }

    /// When the present renewal of a name was first seen.
    public func renewed(_ name: String) -> Duration? { sights[name]?.since }

    /// Forgets all: the store has been away, nobody could renew.
    public mutating func reset() { sights = [:] }
}
