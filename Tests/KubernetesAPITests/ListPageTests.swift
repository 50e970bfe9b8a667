import BatchAPI
import Testing

@testable import KubernetesAPI

struct ListPageTests {
    private let jobs = "/apis/batch/v1/namespaces/default/jobs"

    @Test func pages() async throws {
        let world = World()
        for name in ["a", "b", "c", "d", "e"] { try await world.job(name) }
        let first = try await world.send(.get, "\(jobs)?limit=2").value
        #expect(first.names == ["a", "b"] && first.at("metadata.remainingItemCount")?.int == 3)
        let token = try #require(first.at("metadata.continue")?.string)
        try await world.job("aa")
        try await world.job("bb")
        let second = try await world.send(.get, "\(jobs)?limit=3&continue=\(token)").value
        #expect(second.names == ["bb", "c", "d"] && second.at("metadata.resourceVersion") == first.at("metadata.resourceVersion"))
        let last = try await world.send(.get, "\(jobs)?continue=\(second.at("metadata.continue")?.string ?? "")").value
        #expect(last.names == ["e"] && last.at("metadata.continue") == nil && last.at("metadata.remainingItemCount") == nil)
    }

    @Test func tablesHavePagesToo() async throws {
        let world = World()
        for name in ["a", "b"] { try await world.job(name) }
        let table = try await world.send(.get, "/apis/batch/v1/jobs?limit=1", accept: "application/json;as=Table;v=v1;g=meta.k8s.io").value
        #expect(table["rows"]?.array?.count == 1 && table.at("metadata.continue") != nil)
    }

    @Test func nobodyCountsBehindASelector() async throws {
        let world = World()
        for name in ["a", "b"] { try await world.job(name) }
        let list = try await world.send(.get, "\(jobs)?limit=1&fieldSelector=metadata.namespace%3Ddefault").value
        #expect(list.at("metadata.continue") != nil && list.at("metadata.remainingItemCount") == nil)
        #expect(try await world.send(.get, "\(jobs)?limit=1&resourceVersion=0").value.names == ["a", "b"])
    }

    @Test func badTokens() async throws {
        let world = World()
        for token in ["x", "zz", "616263", "2f", "00"] { #expect(try await world.send(.get, "\(jobs)?continue=\(token)").code == 400) }
        let good = ListStart(resourceVersion: "7", after: "default/ä").token
        #expect(try ListStart(token: good) == ListStart(resourceVersion: "7", after: "default/ä"))
        #expect(try await world.send(.get, "\(jobs)?continue=\(good)&resourceVersion=5").code == 400)
    }
}
