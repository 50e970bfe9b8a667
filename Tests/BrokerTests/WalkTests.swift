import BatchAPI
import Broker
import Glibc
import RedisBroker
import Simulation
import Support
import Testing

/// The same random calls on both brokers, 10^5 of them: all replies agree, and every so often the states are compared and the invariants
/// checked. `DROVER_WALK_SEED` repeats one walk, looking after every step; `DROVER_WALK_STEPS` sets its length.
@Suite struct WalkTests {
    private static func setting(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }

    @Test func bothBrokersAgree() async throws {
        let seeds = Self.setting("DROVER_WALK_SEED").map { [$0] } ?? (0..<10).map { _ in UInt64.random(in: 0..<1_000_000) }
        for seed in seeds {
            print("walk with DROVER_WALK_SEED=\(seed)")
            let server = RedisServer()
            let redis = RedisBroker(address: server.address, name: "walk", logger: .quiet)
            do {
                let walk = try await Walk(seed: seed, redis: redis)
                try await walk.run(steps: Int(Self.setting("DROVER_WALK_STEPS") ?? 10_000), lookingEvery: seeds.count == 1 ? 1 : 100)
            } catch {
                Issue.record(error, "seed \(seed)")
            }
            await redis.close()
        }
    }
}
