import BatchAPI
import Broker
import Redis
import RedisBroker
import Simulation
import Support
import Synchronization

/// A broker and its clock.
protocol BrokerStage: Sendable {
    var broker: any Broker { get }
    var now: Timestamp { get }
    /// Moves the clock on, never back.
    func advance(to time: Timestamp) async throws
    func close() async
}

/// The broker in memory, whose clock stands still by itself.
final class MemoryStage: BrokerStage {
    private final class Clock: Sendable {
        let time = Mutex(Timestamp(rfc3339: "2027-01-15T08:00:00Z")!)
    }

    private let clock = Clock()
    let broker: any Broker

    init() {
        let clock = clock
        broker = MemoryBroker(clock: { clock.time.withLock { $0 } }, sleep: { _ in })
    }

    var now: Timestamp { clock.time.withLock { $0 } }
    func advance(to time: Timestamp) async throws { clock.time.withLock { $0 = max($0, time) } }
    func close() async {}
}

/// The broker on a redis-server of its own, whose clock is ahead of the machine's by as much as it was moved on.
final class RedisStage: BrokerStage {
    private let server = RedisServer()
    private let redis: RedisBroker
    private let ahead = Mutex<Int64>(0)

    init() { redis = RedisBroker(address: server.address, name: "scenarios", logger: .quiet) }

    var broker: any Broker { redis }
    var now: Timestamp { MemoryBroker.systemTime().adding(milliseconds: ahead.withLock { $0 }) }

    func advance(to time: Timestamp) async throws {
        let step = time.milliseconds - now.milliseconds
        if step <= 0 { return }
        let total = ahead.withLock { ahead in
            ahead += step
            return ahead
        }
        _ = try await redis.connection.call(RedisCommand("HSET", "drover:{drover}:sys", "offset", total))
    }

    func close() async { await redis.close() }
}
