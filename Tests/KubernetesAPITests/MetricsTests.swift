import BatchAPI
import Broker
import Hummingbird
import HummingbirdTesting
import JobController
import Logging
import Metrics
import Simulation
import Synchronization
import Testing

@testable import Coordinator
@testable import KubernetesAPI

/// What Prometheus reads, on the broker in memory with the shipped coordinator.
@Suite struct MetricsTests {
    private final class Clock: Sendable {
        let time = Mutex(World.now)
    }

    private let clock = Clock()
    private let broker: MemoryBroker
    private let options = APIOptions()
    private let api: API

    init() {
        let clock = clock
        broker = MemoryBroker(clock: { clock.time.withLock { $0 } })
        api = API(broker: broker, leader: FakeBroker(), logs: FakeLogs(), options: options)
    }

    private func send(_ method: APIRequest.Method, _ target: String, _ body: String = "") async throws -> Answer {
        try await Answer(api.answer(APIRequest(method, target, contentType: "application/json", body: Array(body.utf8))))
    }

    /// Every sample by its name and labels.
    private func metrics() async throws -> [String: Double] {
        let answer = try await send(.get, "/metrics")
        #expect(answer.code == 200 && answer.contentType == "text/plain; version=0.0.4; charset=utf-8")
        var samples: [String: Double] = [:]
        for line in answer.text.split(separator: "\n") where !line.hasPrefix("#") {
            let at = try #require(line.lastIndex(of: " "))
            #expect(samples.updateValue(try #require(Double(line[line.index(after: at)...])), forKey: String(line[..<at])) == nil, "\(line) twice")
        }
        return samples
    }

    private func look(_ epoch: Int64) async throws {
        clock.time.withLock { $0 = $0.advanced(by: .milliseconds(200)) }
        let pass = AgendaPass(
            broker: broker, policy: Options(), epoch: epoch, logger: Logger(label: "tests"), metrics: JobMetrics(factory: options.metrics, clock: { .zero }))
        while try await !pass.run().jobs.isEmpty {}
    }

    /// Runs the Job's attempts one after another, each as told, with looks of the leader between them.
    private func work(_ job: String, _ ends: [(result: Report.Result, exitCode: Int)], epoch: Int64) async throws {
        try await broker.register(NodeRegistration(name: "n", instance: "i", machine: "m", slots: 1, lease: .seconds(30)))
        for (at, end) in ends.enumerated() {
            let sequence = Int64(at * 2 + 1)
            let reply = try await broker.claim(ClaimRequest(node: "n", instance: "i", slot: 0, sequence: sequence, podUID: "p\(at)"))
            guard case .granted(let grant) = reply else { return try #require(Bool(false), "attempt \(at): nothing to claim") }
            var report = Report(ClaimRequest(node: "n", instance: "i", slot: 0, sequence: sequence + 1), job: grant.job, token: grant.token, result: end.result)
            report.exitCode = end.exitCode
            #expect(try await broker.report(report, claiming: false).accepted)
            try await look(epoch)
        }
    }

    @Test func aJobThatEnds() async throws {
        let spec = """
            "completionMode": "Indexed", "completions": 2, "parallelism": 1, "backoffLimitPerIndex": 0, "podFailurePolicy": {"rules":
            [{"action": "FailIndex", "onExitCodes": {"operator": "In", "values": [42]}}]},
            """
        let before = try await metrics()
        try #require(try await send(.post, "/apis/batch/v1/namespaces/default/jobs", World.manifest("j", spec: spec)).code == 201)
        let epoch = try await broker.elect(Candidate(instance: "c", address: "")).epoch
        try await look(epoch)
        let running = try await metrics(), items = ["waiting", "active"].map { running["drover_items{state=\"\($0)\"}"] ?? 0 }
        #expect(running["drover_jobs{state=\"Running\"}"] == 1 && items.reduce(0, +) == 2 && running["drover_store_up"] == 1)
        try await work("j", [(.succeeded, 0), (.failed, 42)], epoch: epoch)
        let after = try await metrics()
        func moved(_ name: String) -> Double? { after[name].map { $0 - (before[name] ?? 0) } }
        #expect(after["drover_jobs{state=\"Failed\"}"] == 1 && after["drover_jobs{state=\"Running\"}"] == 0)
        #expect(after["drover_items{state=\"waiting\"}"] == 0 && after["drover_items{state=\"done\"}"] == 1 && after["drover_items{state=\"failed\"}"] == 1)
        #expect(moved("drover_claims_total") == 2 && after["drover_nodes"] == 1)
        #expect(moved("drover_reports_total{result=\"succeeded\"}") == 1 && moved("drover_reports_total{result=\"failed\"}") == 1)
        let prefix = "job_controller_", indexed = "completion_mode=\"Indexed\""
        #expect(moved(prefix + "jobs_finished_total{\(indexed),result=\"failed\",reason=\"FailedIndexes\"}") == 1)
        #expect(moved(prefix + "job_pods_finished_total{\(indexed),result=\"succeeded\"}") == 1)
        #expect(moved(prefix + "job_pods_finished_total{\(indexed),result=\"failed\"}") == 1)
        #expect(moved(prefix + "pod_failures_handled_by_failure_policy_total{action=\"FailIndex\"}") == 1)
        #expect(moved(prefix + "terminated_pods_tracking_finalizer_total{event=\"delete\"}") == 2)
        #expect(moved(prefix + "job_finished_indexes_total{status=\"succeeded\",backoffLimit=\"perIndex\"}") == 1)
        #expect(moved(prefix + "job_finished_indexes_total{status=\"failed\",backoffLimit=\"perIndex\"}") == 1)
        #expect(moved(prefix + "job_pods_creation_total{reason=\"new\",status=\"succeeded\"}") == 2)
        let syncs = after.filter { $0.key.hasPrefix(prefix + "job_syncs_total") }.values.reduce(0, +)
        let timed = after.filter { $0.key.hasPrefix(prefix + "job_sync_duration_seconds_count") }.values.reduce(0, +)
        #expect(syncs > 0 && syncs == timed)
    }

    @Test func requestsAreCounted() async throws {
        let server = APIServer(
            broker: broker, leader: FakeBroker(), logs: FakeLogs(), address: try .parse("127.0.0.1:0"), options: options,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await server.application().test(.live) { client in
            for _ in 0..<3 { _ = try await client.execute(uri: "/apis/batch/v1/namespaces/default/jobs", method: .get) }
            _ = try await client.execute(uri: "/apis/batch/v1/namespaces/default/jobs/none", method: .get)
            _ = try await client.execute(uri: "/apis/batch/v1/namespaces/default/\(UInt32.random(in: 0 ... .max))", method: .get)
        }
        let metrics = try await metrics()
        #expect(metrics["apiserver_request_total{verb=\"LIST\",resource=\"jobs\",code=\"200\"}"] == 3)
        #expect(metrics["apiserver_request_total{verb=\"GET\",resource=\"jobs\",code=\"404\"}"] == 1)
        #expect(metrics["apiserver_request_total{verb=\"LIST\",resource=\"\",code=\"404\"}"] == 1)
        #expect(metrics["apiserver_request_duration_seconds_count{verb=\"LIST\",resource=\"jobs\"}"] == 3)
        #expect(metrics["apiserver_request_duration_seconds_bucket{verb=\"LIST\",resource=\"jobs\",le=\"+Inf\"}"] == 3)
    }

    @Test func withoutTheStore() async throws {
        let world = World()
        world.broker.state.withLock { $0.failure = BrokerError(.unavailable, "gone") }
        let answer = try await world.send(.get, "/metrics")
        #expect(answer.code == 200 && answer.text.contains("\ndrover_store_up 0\n"))
    }

    @Test func namesAndLabels() {
        let registry = MetricsRegistry()
        Counter(label: "a.b-c", dimensions: [("x", "1\"2\\3\n4")], factory: registry).increment(by: 7)
        Recorder(label: "seconds", factory: registry).record(0.003)
        Recorder(label: "seconds", factory: registry).record(1000)
        let text = registry.families.map(\.text).joined()
        #expect(text.contains("# TYPE a_b_c counter\na_b_c{x=\"1\\\"2\\\\3\\n4\"} 7\n"))
        #expect(text.contains("# TYPE seconds histogram\nseconds_bucket{le=\"0.001\"} 0\n"))
        #expect(text.contains("seconds_bucket{le=\"0.005\"} 1\n") && text.contains("seconds_bucket{le=\"+Inf\"} 2\nseconds_sum 1000.003\nseconds_count 2\n"))
        for number in 0..<1100 { Counter(label: "many", dimensions: [("n", String(number))], factory: registry).increment() }
        let many = registry.families.first { $0.name == "many" }
        #expect(many?.samples.count == 1000 && registry.families.last?.samples.first?.value == 100)
    }
}
