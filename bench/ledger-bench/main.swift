import BatchAPI
import Broker
import Glibc
import Logging
import Redis
import RedisBroker

// Measures the ledger alone, no process: claim and report pairs per second by one client with 16 calls in flight, at chunks of 1 to
// 4096 items; how long a Job of 10^8 indexes takes to submit; the memory of 10^7 indexes done. Arguments: address, pairs per run.

let arguments = CommandLine.arguments
guard arguments.count >= 2, let address = try? RedisAddress(arguments[1]) else {
    print("usage: ledger-bench URL [PAIRS]")
    exit(2)
}
let pairs = arguments.count > 2 ? Int(arguments[2]) ?? 20_000 : 20_000
var logger = Logger(label: "bench")
logger.logLevel = .error
let bench = Bench(broker: RedisBroker(address: address, name: "bench", logger: logger), pairs: pairs)
do {
    try await bench.prepare()
    print("best of three rounds; ratio: pairs/s of what Redis alone could do in the same round")
    print("chunk  calls           pairs/s     items/s  redis us/pair  pairs/s of Redis  ratio")
    for chunk in [1, 16, 256, 4096] { try await bench.run(chunk: chunk, combined: false) }
    for chunk in [1, 4096] { try await bench.run(chunk: chunk, combined: true) }
    try await bench.submit()
    try await bench.memory()
    await bench.broker.close()
} catch {
    print("ledger-bench: \(error)")
    exit(1)
}

/// The measurements.
final class Bench: Sendable {
    static let slots = 16
    let broker: RedisBroker
    let pairs: Int

    init(broker: RedisBroker, pairs: Int) { (self.broker, self.pairs) = (broker, pairs) }

    func prepare() async throws {
        try await broker.register(NodeRegistration(name: "bench", instance: "bench-1", machine: "bench", slots: Self.slots, lease: .seconds(60)))
        _ = try await broker.elect(Candidate(instance: "bench", address: ""))
    }

    /// A new Job whose gate is open.
    func job(_ name: String, completions: Int) async throws {
        var spec = JobSpec(.object(["template": ["spec": ["restartPolicy": "Never"]]]))
        (spec.completions, spec.parallelism, spec.completionMode) = (completions, Self.slots, .indexed)
        let job = Job(metadata: ObjectMeta(name: name, namespace: "bench", uid: name), spec: spec)
        _ = try await broker.create(job, settings: LedgerSettings())
        let epoch = try await broker.elect(Candidate(instance: "bench", address: "")).epoch
        var decision = Decision(uid: name, epoch: epoch, version: 1)
        (decision.gate, decision.permits) = ("", Self.slots)
        try await broker.decide(decision)
    }

    /// Claims and reports in 16 tasks until so many pairs are done.
    func work(job: String, pairs: Int, chunk: Int, combined: Bool) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for slot in 0..<Self.slots {
                group.addTask(executorPreference: broker.connection) { [self] in
                    var lane = Lane(broker: broker, job: job, slot: slot, chunk: chunk)
                    try await lane.run(pairs: pairs / Self.slots, combined: combined)
                }
            }
            try await group.waitForAll()
        }
    }

    /// Prints the fastest of three rounds, as other work on the machine only slows them down.
    func run(chunk: Int, combined: Bool) async throws {
        let name = "job-\(chunk)-\(combined ? "c" : "s")"
        try await job(name, completions: min(pairs * chunk * 5, 2_000_000_000))
        try await work(job: name, pairs: pairs / 10, chunk: chunk, combined: combined)
        var best = (rate: 0.0, perPair: 0.0)
        for _ in 0..<3 {
            _ = try await broker.connection.call(RedisCommand("CONFIG", "RESETSTAT"))
            let time = try await ContinuousClock().measure { try await work(job: name, pairs: pairs, chunk: chunk, combined: combined) }
            let (calls, microseconds) = try await functionCalls()
            let rate = Double(pairs) / (time / .seconds(1))
            if rate > best.rate { best = (rate, microseconds / calls * (combined ? 1 : 2)) }
        }
        report(chunk, combined, best.rate, best.perPair)
        try await delete(name)
    }

    private func report(_ chunk: Int, _ combined: Bool, _ rate: Double, _ perPair: Double) {
        let columns = [
            pad("\(chunk)", 5), combined ? "report+claim  " : "claim, report ", pad("\(Int(rate))", 9), pad("\(Int(rate * Double(chunk)))", 11),
            pad("\((perPair * 10).rounded() / 10)", 14), pad("\(Int(1e6 / perPair))", 17), pad("\((rate * perPair / 1e4).rounded() / 100)", 6),
        ]
        print(columns.joined(separator: " "))
    }

    private func delete(_ job: String) async throws {
        try await broker.delete(uid: job)
        let epoch = try await broker.elect(Candidate(instance: "bench", address: "")).epoch
        while try await broker.sweep(uid: job, epoch: epoch) > 0 {}
    }

    /// Calls of functions, and the microseconds they took, since RESETSTAT.
    private func functionCalls() async throws -> (Double, Double) {
        let text = try await broker.connection.call(RedisCommand("INFO", "commandstats")).string ?? ""
        for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix("cmdstat_fcall:") {
            let values = line.dropFirst(14).split(separator: ",").compactMap { Double($0.drop { $0 != "=" }.dropFirst()) }
            return (values[0], values[1])
        }
        return (1, 0)
    }

    func submit() async throws {
        let job = "submit"
        let time = try await ContinuousClock().measure { try await self.job(job, completions: 100_000_000) }
        print("submit of a Job of 10^8 indexes: \(time / .milliseconds(1)) ms")
        try await delete(job)
    }

    func memory() async throws {
        try await job("memory", completions: 10_000_000)
        let before = try await usedMemory()
        try await work(job: "memory", pairs: 10_000_000 / 1000, chunk: 1000, combined: true)
        let after = try await usedMemory()
        let done = try await broker.state(uid: "memory")?.succeeded ?? 0
        print("memory of \(done) indexes done: \((Double(after - before) / Double(max(done, 1)) * 1000).rounded() / 1000) byte each")
    }

    private func usedMemory() async throws -> Int {
        let text = try await broker.connection.call(RedisCommand("INFO", "memory")).string ?? ""
        return text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("used_memory:") }.flatMap { Int($0.dropFirst(12)) } ?? 0
    }

    private func pad(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
}

/// One slot's calls, one in flight.
struct Lane {
    let broker: RedisBroker
    let job: String
    let slot: Int
    let chunk: Int
    private var sequence: Int64

    init(broker: RedisBroker, job: String, slot: Int, chunk: Int) {
        (self.broker, self.job, self.slot, self.chunk) = (broker, job, slot, chunk)
        // Above that of every earlier lane of the slot.
        sequence = Int64(Monotonic.nanoseconds)
    }

    private mutating func request() -> ClaimRequest {
        sequence += 1
        return ClaimRequest(node: "bench", instance: "bench-1", slot: slot, sequence: sequence, items: chunk, job: job)
    }

    mutating func run(pairs: Int, combined: Bool) async throws {
        guard case .granted(var grant) = try await broker.claim(request()) else { throw BenchError.nothingToClaim }
        for pair in 0..<pairs {
            let isLast = pair == pairs - 1
            let report = Report(request(), job: job, token: grant.token, result: .succeeded)
            let reply = try await broker.report(report, claiming: combined && !isLast)
            guard reply.accepted else { throw BenchError.refused }
            if isLast { return }
            let next = combined ? reply.next : try await broker.claim(request())
            guard case .granted(let granted) = next else { throw BenchError.nothingToClaim }
            grant = granted
        }
    }
}

enum BenchError: Error { case nothingToClaim, refused }

/// Monotonic time.
enum Monotonic {
    static var nanoseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
