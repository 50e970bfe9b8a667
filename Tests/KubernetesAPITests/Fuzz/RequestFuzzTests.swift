import BatchAPI
import Broker
import Foundation
import JobController
import Logging
import Simulation
import Testing

@testable import Coordinator
@testable import KubernetesAPI

/// Requests of all kinds, whole and mutated, to the API on the broker in memory, while a coordinator and a worker go on. No crash, no hang, no
/// 5xx but those that Kubernetes answers, too. `DROVER_API_FUZZ_SEED` repeats a run, `DROVER_API_FUZZ_REQUESTS` sets its length.
@Suite struct RequestFuzzTests {
    static func setting(_ name: String) -> UInt64? { ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } }

    @Test func requests() async throws {
        let seed = Self.setting("DROVER_API_FUZZ_SEED") ?? UInt64.random(in: 0..<1_000_000)
        let count = Int(Self.setting("DROVER_API_FUZZ_REQUESTS") ?? 3000)
        print("fuzzing with DROVER_API_FUZZ_SEED=\(seed) DROVER_API_FUZZ_REQUESTS=\(count)")
        var run = try FuzzRun(seed: seed)
        for number in 0..<count {
            let request = run.maker.request()
            guard await run.check(request, number) else { break }
            if number % 20 == 0 { await run.goOn() }
        }
        await run.api.hub.stop()
        print("fuzzing: answers by code: \(run.codes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))")
        // The requests get somewhere.
        if count >= 3000 { for code in [200, 201, 400, 404, 409, 415, 422] { #expect(run.codes[code, default: 0] > 0, "no answer has code \(code)") } }
    }
}

/// A system under fire.
struct FuzzRun {
    let seed: UInt64
    let broker = MemoryBroker()
    let api: API
    var maker: RequestMaker
    var codes: [Int: Int] = [:]
    private var epoch: Int64 = 0
    private var sequence: Int64 = 0

    init(seed: UInt64) throws {
        self.seed = seed
        api = API(broker: broker, leader: FakeBroker(), logs: FakeLogs(), options: APIOptions(), logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() })
        maker = try RequestMaker(seed: seed)
    }

    /// Sends one request. False if its answer, or what comes of it, is wrong.
    mutating func check(_ request: APIRequest, _ number: Int) async -> Bool {
        let (api, words) = (api, "request \(number) of seed \(seed): \(Self.describe(request))")
        let answer: APIResponse
        do { answer = try await withDeadline(.seconds(60)) { await api.answer(request) } } catch {
            Issue.record("no answer within a minute: \(words)")
            return false
        }
        codes[answer.code, default: 0] += 1
        guard answer.code < 500 || [503, 504, 507].contains(answer.code) || Self.isStated(answer) else {
            Issue.record("\(answer.code) \(Self.text(answer)): \(words)")
            return false
        }
        guard case .bytes(let bytes) = answer.body, answer.contentType.hasPrefix("application/json"), !bytes.isEmpty else { return true }
        if (try? Value.parse(json: bytes)) == nil {
            Issue.record("no JSON: \(Self.text(answer).prefix(2000)): \(words)")
            return false
        }
        return true
    }

    /// Kubernetes answers a few bad resourceVersions with a 500 that has no reason.
    private static func isStated(_ answer: APIResponse) -> Bool {
        guard answer.code == 500, case .bytes(let bytes) = answer.body, let status = try? Value.parse(json: bytes) else { return false }
        return status["reason"]?.string ?? "" == ""
    }

    private static func text(_ answer: APIResponse) -> String {
        guard case .bytes(let bytes) = answer.body else { return "a stream" }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func describe(_ request: APIRequest) -> String {
        "\(request.method?.rawValue ?? "?") \(request.path) \(String(describing: request.query).prefix(500)) type \(request.contentType.debugDescription)"
            + " accept \(request.accept.debugDescription) body \(String(decoding: request.body.prefix(4000), as: UTF8.self).debugDescription)"
    }

    /// Names of some Jobs and their pods.
    private func names(_ count: Int) async throws -> [String: [String]] {
        let jobs = try await broker.jobs(namespace: "default").jobs.suffix(count)
        var pods: [String] = []
        for job in jobs { pods += try await broker.pods(uid: job.metadata.uid).prefix(2).map(\.name) }
        return ["jobs": jobs.map(\.metadata.name), "pods": pods]
    }

    /// The leader looks at what is due, a worker takes something and ends it.
    mutating func goOn() async {
        do {
            if epoch == 0 {
                epoch = try await broker.elect(Candidate(instance: "c", address: "")).epoch
                try await broker.register(NodeRegistration(name: "node-1", instance: "i", machine: "m", slots: 4, lease: .seconds(30)))
            }
            _ = try await AgendaPass(broker: broker, policy: Options(), epoch: epoch, logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }).run()
            sequence += 2
            let claim = ClaimRequest(node: "node-1", instance: "i", slot: Int(sequence / 2 % 4), sequence: sequence, podUID: "u\(sequence)")
            maker.known = try await names(15)
            guard case .granted(let grant) = try await broker.claim(claim), maker.chance(60) else { return }
            var again = claim
            again.sequence += 1
            var report = Report(again, job: grant.job, token: grant.token, result: maker.chance(50) ? .succeeded : .failed)
            report.exitCode = report.result == .failed ? 1 : 0
            _ = try await broker.report(report, claiming: false)
        } catch {
            // A node that a request has cordoned, or a leader that lost: the requests are what counts.
        }
    }
}
