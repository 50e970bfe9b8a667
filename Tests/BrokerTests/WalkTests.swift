import BatchAPI
import Broker
import Glibc
import RedisBroker
import Support
import Testing

/// The same random calls on both brokers: replies and states agree, and the invariants hold after every step.
/// `DROVER_WALK_SEED` repeats one walk, `DROVER_WALK_STEPS` sets its length.
@Suite struct WalkTests {
    private static func setting(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }

    @Test func bothBrokersAgree() async throws {
        let seeds = Self.setting("DROVER_WALK_SEED").map { [$0] } ?? (0..<4).map { _ in UInt64.random(in: 0..<1_000_000) }
        for seed in seeds {
            print("walk with DROVER_WALK_SEED=\(seed)")
            let server = RedisServer()
            let redis = RedisBroker(address: server.address, name: "walk", logger: .quiet)
            do {
                let walk = try await Walk(seed: seed, redis: redis)
                try await walk.run(steps: Int(Self.setting("DROVER_WALK_STEPS") ?? 400))
            } catch {
                Issue.record(error, "seed \(seed)")
            }
            await redis.close()
        }
    }
}

/// A small seeded generator.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
