import BatchAPI
import Broker
import JobController
import Simulation
import Support
import Testing

@testable import Coordinator

/// What a look at a Job reads does not grow with its completions, also while an index waits that all others have overtaken.
@Suite struct WindowTests {
    private static let chunk = 25_000, chunks = 40
    /// Failed attempts of an index are tried again so late that all else is done by then.
    private static let policy = Options(podFailureBackoffBase: 600_000, podFailureBackoffMax: 600_000)

    @Test func inMemory() async throws { try await run(MemoryStage()) }

    @Test func onRedis() async throws {
        let server = RedisServer()
        defer { withExtendedLifetime(server) {} }
        let stage = try await RedisStage(server)
        do { try await run(stage) } catch {
            await stage.close()
            throw error
        }
        await stage.close()
    }

    private func run(_ stage: any BrokerStage) async throws {
        let broker = stage.broker, job = Self.job()
        let epoch = try await broker.elect(Candidate(instance: "l", address: "")).epoch
        let look = { () async throws in try await JobReconciler(broker: broker, policy: Self.policy, epoch: epoch).reconcile("u") }
        try await broker.register(NodeRegistration(name: "n", instance: "i", machine: "m", slots: 1, lease: .seconds(30)))
        _ = try await broker.create(job, settings: LedgerSettings())
        try await look()
        let worker = OneSlot(broker: broker)
        #expect(try await worker.work(items: 1, .failed) == 0...0)
        try await look()
        for chunk in 0..<Self.chunks {
            let items = try await worker.work(items: Self.chunk, .succeeded, exceptions: chunk == 1 ? [30_000, 30_001] : [])
            try await look()
            let state = try #require(try await broker.state(uid: "u"))
            #expect(state.window.count <= (IndexWindow.width + Self.chunk) / 8 + 2 && state.failedWindow.count <= state.window.count)
            let last = try #require(items).upperBound
            #expect(state.job.status.completedIndexes == (chunk == 0 ? "1-\(last)" : "1-29999,30002-\(last)"))
        }
        #expect(try await broker.state(uid: "u")?.stragglers == [0, 30_000, 30_001])
        try await stage.advance(to: stage.now.advanced(by: .seconds(7200)))
        try await stage.align()
        #expect(try await worker.work(items: 1, .failed) == 0...0)
        #expect(try await worker.work(items: 1, .succeeded) == 30_000...30_000)
        #expect(try await worker.work(items: 1, .failed) == 30_001...30_001)
        try await look()
        let status = try #require(try await broker.job(uid: "u")).status
        #expect(status.failedIndexes == "0,30001" && status.completedIndexes == "1-30000,30002-\(Self.chunk * Self.chunks)")
        #expect(status.succeeded == Self.chunk * Self.chunks - 1 && status.isTrue("FailureTarget"))
    }

    private static func job() -> Job {
        var spec = JobSpec(["template": ["spec": ["restartPolicy": "Never", "containers": [["name": "c"]]]]])
        // So many pods at once are not placed before they are claimed.
        (spec.completions, spec.parallelism, spec.completionMode) = (chunk * chunks + 1, 2000, .indexed)
        (spec.backoffLimitPerIndex, spec.backoffLimit) = (1, Int(Int32.max))
        return Job(metadata: ObjectMeta(name: "j", namespace: "default", uid: "u"), spec: spec)
    }
}

/// A worker's one slot that claims items and ends them at once.
private final class OneSlot {
    private let broker: any Broker
    private var sequence: Int64 = 0

    init(broker: any Broker) { self.broker = broker }

    private func request(items: Int) -> ClaimRequest {
        sequence += 1
        return ClaimRequest(node: "n", instance: "i", slot: 0, sequence: sequence, items: items, podUID: items == 1 ? "p-\(sequence)" : "")
    }

    func work(items: Int, _ result: Report.Result, exceptions: [Int] = []) async throws -> ClosedRange<Int>? {
        guard case .granted(let grant) = try await broker.claim(request(items: items)) else { return nil }
        var report = Report(request(items: items), job: grant.job, token: grant.token, result: result)
        (report.exceptions, report.exitCode) = (exceptions, result == .failed ? 1 : 0)
        _ = try await broker.report(report, claiming: false)
        return grant.items
    }
}
