import BatchAPI
import Broker
import Testing

@testable import KubernetesAPI

/// Which versions of a list may be asked for.
struct ListVersionTests {
    private static let paths = [
        "/api/v1/configmaps", "/api/v1/events", "/api/v1/nodes", "/api/v1/pods", "/api/v1/namespaces", "/apis/batch/v1/jobs", "/api/v1/services",
        "/apis/coordination.k8s.io/v1/leases", "/apis/events.k8s.io/v1/events",
    ]

    @Test(arguments: paths)
    func everyKind(path: String) async throws {
        let world = World()
        world.broker.state.withLock { $0.version = 7 }
        for query in ["0", "5", "7&resourceVersionMatch=Exact", "7&resourceVersionMatch=NotOlderThan"].map({ "resourceVersion=\($0)" }) {
            #expect(try await world.send(.get, "\(path)?\(query)").code == 200, "\(query)")
        }
        let future = try await world.send(.get, "\(path)?resourceVersion=8&resourceVersionMatch=NotOlderThan")
        #expect(future.code == 504 && future.headers.contains { $0 == ("Retry-After", "1") })
        #expect(future.value["message"] == "Timeout: Too large resource version: 8, current: 7")
        #expect(future.value.at("details.causes.0.reason") == "ResourceVersionTooLarge")
        let old = try await world.send(.get, "\(path)?resourceVersion=5&resourceVersionMatch=Exact")
        #expect(old.code == 410 && old.value["reason"] == "Expired")
    }

    @Test(arguments: [
        ("resourceVersionMatch=Exact", "resourceVersionMatch"), ("resourceVersion=0&resourceVersionMatch=Exact", "resourceVersionMatch"),
        ("resourceVersion=1&resourceVersionMatch=Some", "resourceVersionMatch"), ("sendInitialEvents=true", "sendInitialEvents"),
        ("watch=1&resourceVersion=1&resourceVersionMatch=NotOlderThan", "resourceVersionMatch"),
        ("watch=1&resourceVersionMatch=Exact&sendInitialEvents=true", "resourceVersionMatch"),
    ])
    func refused(query: String, field: String) async throws {
        let refused = try await World().send(.get, "/api/v1/configmaps?\(query)")
        #expect(refused.code == 422 && refused.value.at("details.causes.0.field")?.string == field)
    }

    @Test func anOldTokenHasExpired() async throws {
        let world = World()
        for name in ["a", "b"] {
            #expect(try await world.send(.post, "/api/v1/namespaces/default/configmaps", "{\"metadata\": {\"name\": \"\(name)\"}}").code == 201)
        }
        let token = try #require(try await world.send(.get, "/api/v1/configmaps?limit=1").value.at("metadata.continue")?.string)
        #expect(try await world.send(.get, "/api/v1/configmaps?limit=1&continue=\(token)").value.names == ["b"])
        world.broker.state.withLock { $0.floor = 1000 }
        #expect(try await world.send(.get, "/api/v1/configmaps?limit=1&continue=\(token)").code == 410)
    }
}
