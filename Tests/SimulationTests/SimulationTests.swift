import Dispatch
import Glibc
import Simulation
import Support
import Testing

/// A fixed set of seeds and as many fresh ones, in memory and on Redis. `DROVER_SIMULATION_SEEDS` sets how many fresh ones; more at a time
/// by bench/simulate.sh.
@Suite struct SimulationTests {
    private static let count = getenv("DROVER_SIMULATION_SEEDS").flatMap { UInt64(String(cString: $0)) } ?? 60
    private static let fresh = UInt64.random(in: 1 << 20..<1 << 40)

    /// On a thread of its own: a run holds it until it is over.
    private func hold(_ seeds: Range<UInt64>, isOnRedis: Bool = false) async {
        let broken = await withCheckedContinuation { continuation in
            DispatchQueue(label: "simulation").async { continuation.resume(returning: Self.broken(seeds, isOnRedis)) }
        }
        for line in broken { Issue.record("\(line)") }
    }

    private static func broken(_ seeds: Range<UInt64>, _ isOnRedis: Bool) -> [String] {
        var steps = 0
        var broken: [String] = []
        for seed in seeds {
            let outcome = Simulation.run(Plan(seed: seed), on: isOnRedis ? RedisStore() as any SimulatedStore : MemoryStore())
            steps += outcome.steps
            if let violation = outcome.violation {
                broken.append("bench/simulate.sh --seed \(seed)\(isOnRedis ? " --redis" : "") --trace   # \(violation)")
            }
        }
        print("simulation: \(seeds.count) seeds from \(seeds.lowerBound)\(isOnRedis ? " on Redis" : ""), \(steps) steps")
        return broken
    }

    @Test(arguments: 0..<4) func fixedSeeds(_ part: UInt64) async { await hold(part * 60 + 1..<part * 60 + 61) }
    @Test(arguments: 0..<2) func freshSeeds(_ part: UInt64) async {
        await hold(Self.fresh + part * Self.count..<Self.fresh + (part + 1) * Self.count)
    }
    @Test func fixedSeedsOnRedis() async { await hold(1..<5, isOnRedis: true) }

    /// The same seed, the same trace.
    @Test func runsRepeat() {
        for seed in UInt64(1)...12 {
            let runs = (0..<2).map { _ in Simulation.run(Plan(seed: seed), on: MemoryStore()) }
            #expect(runs[0].hash == runs[1].hash && runs[0].steps == runs[1].steps, "seed \(seed)")
        }
    }

    @Test func otherSeedsGoElsewhere() {
        let hashes = Set((1...20).map { Simulation.run(Plan(seed: $0), on: MemoryStore()).hash })
        #expect(hashes.count == 20)
    }
}
