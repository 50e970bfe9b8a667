import BatchAPI
import Broker
import RedisBroker
import Simulation
import Testing

/// One walk: a Job at a time, two nodes, eight slots.
final class Walk {
    var random: SplitMix
    let sides: [Side]
    private let checker: RedisChecker
    let seed: UInt64
    var uid = "j0"
    var jobs = 0
    var instances = ["n": "n1", "o": "o1"]
    var sequence: Int64 = 0
    /// The present Job has its items pushed, and so many there are.
    var takesItems = false
    var pushed = 0
    var last: (request: ClaimRequest, report: Report?, grant: Int?, claiming: Bool)?
    private var trace: [String] = []

    init(seed: UInt64, redis: RedisBroker) async throws {
        (random, self.seed) = (SplitMix(state: seed), seed)
        sides = [Side(redis), Side(MemoryBroker())]
        checker = RedisChecker(connection: redis.connection)
        for side in sides {
            _ = try await side.broker.elect(Candidate(instance: "l", address: ""))
            for (name, instance) in instances.sorted(by: { $0.key < $1.key }) { try await side.register(name, instance) }
        }
        try await newJob()
    }

    func run(steps: Int, lookingEvery interval: Int) async throws {
        for step in 1...steps {
            try await act()
            guard step % interval == 0 else { continue }
            try await checker.check(uid)
            let states = try await [sides[0].summary(uid), sides[1].summary(uid)]
            if states[0] != states[1] {
                Issue.record("seed \(seed), step \(step): Redis \(states[0]) memory \(states[1]) after \(trace.suffix(6))")
                return
            }
        }
        let figures = try await [sides[0].figures(), sides[1].figures()]
        #expect(figures[0] == figures[1], "seed \(seed)")
    }

    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    /// Does one thing on both sides; both must say the same.
    func both(_ what: String, _ body: (Side) async throws -> String) async throws {
        var replies: [String] = []
        for side in sides {
            do { replies.append(try await body(side)) } catch let error as BrokerError { replies.append("error \(error.code)") }
        }
        trace.append("\(what): \(replies[0])")
        if replies[0] != replies[1] {
            throw BrokerError(.malformed, "seed \(seed): Redis and memory differ: \(replies) at \(what) after \(trace.suffix(6))")
        }
    }

    func newJob() async throws {
        jobs += 1
        uid = "j\(jobs)"
        let settings = LedgerSettings(yieldsPlace: chance(20))
        (takesItems, pushed) = (chance(25), 0)
        var job = Stage.job(
            uid, completions: chance(15) ? nil : Int.random(in: 1...40, using: &random), perIndex: chance(60) ? 2 : nil, onlyFailed: chance(30),
            runtime: chance(30) ? .handler : .process)
        if takesItems { (job.metadata.annotations[Job.itemsAnnotation], job.spec.completions, job.spec.completionMode) = ("true", 0, .indexed) }
        if chance(50) { job.metadata.annotations[JobShare.annotation] = ["0.3", "2", "7"].randomElement(using: &random)! }
        if chance(20) { job.spec.template.spec.raw["priority"] = 1 }
        if chance(40) { job.spec.template.spec.raw["nodeSelector"] = ["disk": chance(50) ? "ssd" : "hdd"] }
        try await both("create") { [job] side in
            _ = try await side.broker.create(job, settings: settings)
            return try await side.hearOfClasses()
        }
        if takesItems { for _ in 0..<4 { try await push() } }
        try await decide()
    }
}
