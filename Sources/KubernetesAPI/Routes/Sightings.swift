import BatchAPI
import Broker
import Synchronization

/// What this server has seen of others' renewals: records count them but hold no times.
final class Sightings: Sendable {
    private struct State {
        var leader: (instance: String, renewal: Int64, at: Timestamp)?
        var nodes = Liveness()
    }

    private let state = Mutex(State())
    private let start = ContinuousClock.now

    init() {}

    /// When a leader was first seen at its present renewal.
    func renewal(of leader: LeaderRecord, now: Timestamp) -> Timestamp {
        state.withLock { state in
            if let seen = state.leader, seen.instance == leader.instance, seen.renewal == leader.renewal { return seen.at }
            state.leader = (leader.instance, leader.renewal, now)
            return now
        }
    }

    /// A node's heartbeat, as far as this server has looked.
    struct Pulse {
        /// It has stood still for a whole lease.
        var isLost: Bool
        /// How long ago the last one was first seen.
        var age: Duration
    }

    /// By the names of the nodes.
    func pulses(_ nodes: [NodeRecord]) -> [String: Pulse] {
        let seen = nodes.map { ($0.name, $0.instance, $0.renewal, $0.lease) }
        let now = ContinuousClock.now - start
        return state.withLock { state in
            let lost = Set(state.nodes.observe(seen, now: now))
            let pulses = nodes.map { ($0.name, Pulse(isLost: lost.contains($0.name), age: now - (state.nodes.renewed($0.name) ?? now))) }
            return Dictionary(pulses, uniquingKeysWith: { $1 })
        }
    }
}
