import BatchAPI
import Testing

@testable import KubernetesAPI

/// Requests that a real Kubernetes refused, and the answers word for word.
struct RefusalTests {
    @Test func recordedRefusals() async throws {
        let cases = try #require(try Fixtures.load("status/refusals").array)
        #expect(cases.count > 100)
        for one in cases {
            let name = one["name"]?.string ?? ""
            let world = World()
            try await world.namespace("golden")
            if ["exists", "delete-bad-prop", "delete-both", "delete-uid", "patch-bad-json", "patch-type"].contains(name) {
                try await world.job("minimal", namespace: "golden")
            }
            try await check(one, name, world)
        }
    }

    private func check(_ one: Value, _ name: String, _ world: World) async throws {
        let request = try #require(one["request"]?.array, "\(name)")
        let body = request[2]
        let answer = try await world.send(
            try #require(APIRequest.Method(rawValue: request[0].string ?? "")), request[1].string ?? "",
            body.string ?? (body.isNull ? "" : body.encoded()), type: name == "patch-bad-json" ? "application/merge-patch+json" : "application/json")
        #expect(answer.code == one["code"]?.int, "\(name)")
        if case .string(let text)? = one["body"] {
            #expect(answer.text == text, "\(name)")
        } else {
            #expect(anonymous(answer.value) == anonymous(one["body"] ?? .null), "\(name)")
        }
    }

    /// Uids differ from run to run.
    private func anonymous(_ value: Value) -> String {
        value.encoded().replacing(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "UID")
    }
}
