import BatchAPI
import Broker
import RedisBroker
import Synchronization

/// The measurements.
final class Bench: Sendable {
    static let slots = 64
    let broker: RedisBroker
    private let work = Mutex(Work())

    /// What the slots have been granted.
    private struct Work {
        var sequences = [Int64](repeating: 0, count: Bench.slots)
        var granted: [String: Int] = [:]
        var count = 0
        var limit = 0
        /// When the first item of a Job was granted.
        var starts: [String: ContinuousClock.Instant] = [:]
    }

    init(broker: RedisBroker) { self.broker = broker }

    func register() async throws {
        try await broker.register(NodeRegistration(name: "bench", instance: "bench-1", machine: "bench", slots: Self.slots, lease: .seconds(600)))
    }

    private func create(_ name: String, completions: Int, weight: Int = 1) async throws {
        var spec = JobSpec(.object(["template": ["spec": ["restartPolicy": "Never", "containers": [["name": "c", "image": "i"]]]]]))
        (spec.completions, spec.parallelism, spec.completionMode) = (completions, Self.slots, .indexed)
        var metadata = ObjectMeta(name: name, namespace: "bench", uid: name)
        metadata.annotations[JobShare.annotation] = "\(weight)"
        _ = try await broker.create(Job(metadata: metadata, spec: spec), settings: LedgerSettings())
    }

    /// Shares of 100 Jobs. Reply whether each is within 10 % of its weight's.
    func shares(grants: Int) async throws -> Bool {
        try await create("alone", completions: 1_000_000)
        try await waitForWork(jobs: 1)
        print("one Job: \(try await drive(grants: grants / 4)) claims/s")
        try await broker.delete(uid: "alone")
        for weight in 1...100 { try await create("w\(weight)", completions: 1_000_000, weight: weight) }
        try await waitForWork(jobs: 100)
        print("100 Jobs: \(try await drive(grants: grants)) claims/s")
        let granted = work.withLock { $0.granted }, all = Double(granted.values.reduce(0, +))
        let errors = (1...100).map { weight in abs(Double(granted["w\(weight)"] ?? 0) / all * 5050 / Double(weight) - 1) * 100 }
        let worst = errors.max() ?? 100, mean = errors.reduce(0, +) / 100
        print("shares of weights 1 to 100, \(Int(all)) items: \(percent(mean)) % off on average, \(percent(worst)) % at most")
        for weight in 1...100 { try await broker.delete(uid: "w\(weight)") }
        // Until their pods are gone, too, which keeps the leader busy.
        while try await !broker.hiddenJobs().isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        return worst <= 10
    }

    /// Until the leader has opened so many Jobs.
    private func waitForWork(jobs: Int) async throws {
        while try await broker.figures().gates[""] ?? 0 < jobs { try await Task.sleep(for: .milliseconds(10)) }
    }

    /// Starts of small Jobs behind a huge one. Reply whether all come within 100 ms.
    func starts(rounds: Int) async throws -> Bool {
        try await create("huge", completions: 1_000_000)
        try await waitForWork(jobs: 1)
        let drive = Task { _ = try await self.drive(grants: .max) }
        var delays: [Double] = []
        for round in 0..<rounds {
            let submitted = ContinuousClock.now, name = "small\(round)"
            try await create(name, completions: 10)
            while work.withLock({ $0.starts[name] }) == nil { try await Task.sleep(for: .milliseconds(1)) }
            delays.append((work.withLock { $0.starts[name]! } - submitted) / .milliseconds(1))
            try await Task.sleep(for: .milliseconds(50))
        }
        work.withLock { $0.limit = 0 }
        try await drive.value
        delays.sort()
        print(
            "first item of 10 submitted behind 10^6, \(rounds) times: \(percent(delays[rounds / 2])) ms in the middle, \(percent(delays[rounds - 1])) ms at most")
        return delays[rounds - 1] <= 100
    }

    private func percent(_ number: Double) -> Double { (number * 10).rounded() / 10 }

    /// Claims and reports in all slots until so much was granted.
    /// - Returns: claims per second.
    private func drive(grants: Int) async throws -> Int {
        work.withLock { ($0.granted, $0.count, $0.limit) = ([:], 0, grants) }
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for slot in 0..<Self.slots {
                group.addTask(executorPreference: broker.connection) { [self] in try await run(slot) }
            }
            try await group.waitForAll()
        }
        return Int(Double(work.withLock { $0.count }) / ((ContinuousClock.now - start) / .seconds(1)))
    }

    private func run(_ slot: Int) async throws {
        var next = try await broker.claim(request(slot))
        while true {
            guard case .granted(let grant) = next else {
                if isOver { return }
                try await Task.sleep(for: .milliseconds(1))
                next = try await broker.claim(request(slot))
                continue
            }
            note(grant)
            let isLast = isOver
            next = try await broker.report(Report(request(slot), job: grant.job, token: grant.token, result: .succeeded), claiming: !isLast).next
                ?? .nothing(next: nil)
            if isLast { return }
        }
    }

    private var isOver: Bool { work.withLock { $0.count >= $0.limit } }

    private func note(_ grant: Grant) {
        work.withLock { work in
            work.granted[grant.job, default: 0] += 1
            work.count += 1
            if work.starts[grant.job] == nil { work.starts[grant.job] = .now }
        }
    }

    private func request(_ slot: Int) -> ClaimRequest {
        let sequence = work.withLock { work in
            work.sequences[slot] += 1
            return work.sequences[slot]
        }
        return ClaimRequest(node: "bench", instance: "bench-1", slot: slot, sequence: sequence, items: 1, podUID: "p\(slot)-\(sequence)")
    }
}
