import BatchAPI
import Broker
import Simulation
import Synchronization
import Testing

@testable import KubernetesAPI

/// The items of a Job, pushed and taken as lines.
@Suite struct ItemTests {
    private static let path = "/apis/drover.dev/v1/namespaces/default/jobs/j/items"

    private func send(_ api: API, _ method: APIRequest.Method, _ target: String, _ body: String = "") async throws -> (code: Int, text: String) {
        let response = await api.answer(APIRequest(method, target, contentType: "application/x-ndjson", body: Array(body.utf8)))
        guard case .bytes(let bytes) = response.body else { return (response.code, "") }
        return (response.code, String(decoding: bytes, as: UTF8.self))
    }

    @Test func itemsArePushedAsLines() async throws {
        let broker = MemoryBroker(), api = API(broker: broker, leader: FakeBroker(), logs: FakeLogs(), options: APIOptions())
        let manifest = World.manifest("j", metadata: "\"annotations\": {\"drover.dev/items\": \"true\"},")
        let created = await api.answer(APIRequest(.post, "/apis/batch/v1/namespaces/default/jobs", contentType: "application/json", body: Array(manifest.utf8)))
        #expect(created.code == 201)
        #expect(try await send(api, .post, Self.path, "\"one\"\n{\"x\": 2}\n\n{\"base64\": \"/wA=\"}\n") == (200, "{\"count\":3}\n"))
        #expect(try await send(api, .post, Self.path + "?first=1", "{\"x\": 2}\n") == (200, "{\"count\":3}\n"))
        #expect(try await send(api, .post, Self.path + "?first=7", "4").code == 409)
        #expect(try await send(api, .post, Self.path, "nonsense").code == 400)
        #expect(try await send(api, .post, Self.path + "?last=true", "4") == (200, "{\"count\":4}\n"))
        #expect(try await send(api, .post, Self.path, "5").code == 409)
        #expect(try await send(api, .get, Self.path) == (200, "{\"next\":0}\n"))
        #expect(try await send(api, .delete, Self.path).code == 405)
        #expect(try await send(api, .get, "/apis/drover.dev/v1/namespaces/default/jobs/none/items").code == 404)
        let uid = try #require(try await broker.job(namespace: "default", name: "j")?.metadata.uid)
        #expect(try await broker.state(uid: uid)?.items == 4)
    }

    /// Who reads waits for what comes, and hears of the Job's end.
    @Test func resultsAreWaitedFor() async throws {
        let broker = MemoryBroker(), api = try await Self.job(broker)
        #expect(try await send(api, .get, Self.path + "?wait=0") == (200, "{\"next\":0}\n"))
        async let first = send(api, .get, Self.path + "?from=0&wait=20")
        #expect(try await send(api, .post, Self.path + "?last=true", "1\n") == (200, "{\"count\":1}\n"))
        let uid = try #require(try await broker.job(namespace: "default", name: "j")?.metadata.uid)
        try await Self.runOne(broker, uid)
        #expect(try await first == (200, "{\"index\":0,\"result\":\"done\"}\n{\"next\":1}\n"))
        async let last = send(api, .get, Self.path + "?from=1&wait=20")
        var job = try #require(try await broker.job(namespace: "default", name: "j"))
        job.status.conditions.append(JobCondition(type: "Complete"))
        _ = try await broker.updateStatus(job)
        #expect(try await last == (200, "{\"ended\":true,\"next\":1}\n"))
    }

    /// A worker takes the item and tells what it has come to.
    private static func runOne(_ broker: MemoryBroker, _ uid: String) async throws {
        try await broker.register(NodeRegistration(name: "n", instance: "n1", machine: "m", slots: 1, lease: .seconds(9)))
        let epoch = try await broker.elect(Candidate(instance: "l", address: "")).epoch
        var decision = Decision(uid: uid, epoch: epoch, version: try await broker.state(uid: uid)?.version ?? 0)
        (decision.gate, decision.permits) = ("", 1)
        try await broker.decide(decision)
        guard case .granted(let grant) = try await broker.claim(ClaimRequest(node: "n", instance: "n1", slot: 0, sequence: 1)) else {
            Issue.record("nothing was granted")
            return
        }
        var report = Report(ClaimRequest(node: "n", instance: "n1", slot: 0, sequence: 2), job: uid, token: grant.token, result: .succeeded)
        report.results.append(0, "done".utf8)
        #expect(try await broker.report(report, claiming: false).accepted)
    }

    private static func job(_ broker: MemoryBroker) async throws -> API {
        let api = API(broker: broker, leader: FakeBroker(), logs: FakeLogs(), options: APIOptions())
        let manifest = World.manifest("j", metadata: "\"annotations\": {\"drover.dev/items\": \"true\"},")
        _ = await api.answer(APIRequest(.post, "/apis/batch/v1/namespaces/default/jobs", contentType: "application/json", body: Array(manifest.utf8)))
        return api
    }

    /// A body that comes in parts, with how many items the store has when each is asked for.
    private func post(_ api: API, _ broker: MemoryBroker, _ target: String, _ parts: [String]) async -> (code: Int, text: String, seen: [Int]) {
        let rest = Mutex((parts[...], [Int]()))
        var request = APIRequest(.post, target, contentType: "application/x-ndjson")
        request.more = {
            let uid = try await broker.job(namespace: "default", name: "j")?.metadata.uid ?? ""
            let count = try await broker.push(ItemPush(job: uid, first: Int(Int32.max), items: PackedItems(), slab: 0)).count
            return rest.withLock { rest in
                rest.1.append(count)
                return rest.0.popFirst().map { Array($0.utf8) }
            }
        }
        let response = await api.answer(request)
        guard case .bytes(let bytes) = response.body else { return (response.code, "", []) }
        return (response.code, String(decoding: bytes, as: UTF8.self), rest.withLock { $0.1 })
    }

    @Test func aBodyIsTakenPartByPart() async throws {
        let broker = MemoryBroker(), api = try await Self.job(broker)
        let (code, text, seen) = await post(api, broker, Self.path, ["1\n2\n\"th", "ree\"\n4", "4\n\n", "5"])
        #expect(code == 200 && text == "{\"count\":5}\n" && seen == [0, 2, 3, 4, 4])
        let bad = await post(api, broker, Self.path, ["6\n", "7\nnonsense\n8\n", "9"])
        #expect(bad.code == 400 && bad.text.contains("line 3 is no JSON") && bad.text.contains("the first 1 items were taken, up to index 5"), "\(bad)")
        #expect(bad.seen == [5, 6])
    }

    /// Where the client does not say where its items belong they go behind those of others.
    @Test func severalMayPushAtOnce() async throws {
        let broker = MemoryBroker(), api = try await Self.job(broker)
        await withTaskGroup(of: Void.self) { clients in
            for client in 0..<4 {
                clients.addTask {
                    let parts = (0..<50).map { "\(client * 1000 + $0)\n" }
                    #expect(await post(api, broker, Self.path, parts).code == 200)
                }
            }
        }
        #expect(try await send(api, .post, Self.path + "?last=true") == (200, "{\"count\":200}\n"))
    }

    @Test func linesAreBounded() throws {
        var lines = ItemLines()
        let longest = "\"" + String(repeating: "\\u0001", count: PackedItems.longestItem) + "\"\n"
        #expect(try lines.feed(Array(longest.utf8)) == [[UInt8](repeating: 1, count: PackedItems.longestItem)])
        #expect(throws: APIStatus.self) { for _ in 0..<8 { _ = try lines.feed([UInt8](repeating: 120, count: 65_536)) } }
    }
}
