import BatchAPI
import Broker
import KubernetesAPI
import Redis
import RedisBroker
import Simulation
import Support
import Synchronization

/// A broker and its clock.
protocol BrokerStage: Sendable {
    var broker: any APIStore { get }
    var now: Timestamp { get }
    /// Moves the clock on, never back.
    func advance(to time: Timestamp) async throws
    /// Makes the broker's clock say `now`.
    func align() async throws
    func close() async
}

/// The broker in memory, whose clock stands still by itself.
final class MemoryStage: BrokerStage {
    private final class Clock: Sendable {
        let time = Mutex(Timestamp(rfc3339: "2027-01-15T08:00:00Z")!)
    }

    private let clock = Clock()
    let broker: any APIStore

    init() {
        let clock = clock
        broker = MemoryBroker(clock: { clock.time.withLock { $0 } }, sleep: { _ in })
    }

    var now: Timestamp { clock.time.withLock { $0 } }
    func advance(to time: Timestamp) async throws { clock.time.withLock { $0 = max($0, time) } }
    func align() async throws {}
    func close() async {}
}

/// The broker on an emptied redis-server. Its clock is set before each call, so that the time a call takes does not count.
final class RedisStage: BrokerStage {
    private let redis: RedisBroker
    private let time = Mutex(MemoryBroker.systemTime())

    init(_ server: RedisServer) async throws {
        let cleaner = RedisConnection(address: server.address, logger: .quiet)
        _ = try await cleaner.call(RedisCommand("FLUSHALL"))
        await cleaner.close()
        redis = RedisBroker(address: server.address, name: "scenarios", logger: .quiet)
    }

    var broker: any APIStore { redis }
    var now: Timestamp { time.withLock { $0 } }
    func advance(to time: Timestamp) async throws { self.time.withLock { $0 = max($0, time) } }

    func align() async throws {
        let offset = now.milliseconds - MemoryBroker.systemTime().milliseconds
        _ = try await redis.connection.call(RedisCommand("HSET", "drover:{drover}:sys", "offset", offset))
    }

    func close() async { await redis.close() }
}
