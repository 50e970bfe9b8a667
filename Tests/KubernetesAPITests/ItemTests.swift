import BatchAPI
import Broker
import Simulation
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
}
