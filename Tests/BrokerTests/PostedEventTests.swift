import BatchAPI
import Broker
import Redis
import RedisBroker
import Support
import Testing

/// Events that clients post, next to those that the store notes: kept as long, changed and deleted alike.
@Suite struct PostedEventTests {
    private func withRedis(_ body: (RedisBroker) async throws -> Void) async throws {
        let server = RedisServer()
        let broker = RedisBroker(address: server.address, name: "tests", logger: .quiet)
        do { try await body(broker) } catch {
            await broker.close()
            throw error
        }
        await broker.close()
    }

    private func event(_ name: String, version: String = "") -> StoredObject {
        StoredObject(resource: "events", namespace: "default", name: name, value: ["metadata": ["name": .string(name)]], version: version)
    }

    private func names(_ broker: RedisBroker) async throws -> [String] { try await broker.objects("events", namespace: nil).objects.map(\.name) }

    @Test func goAfterAnHour() async throws {
        try await withRedis { broker in
            _ = try await broker.put(event("old"))
            let version = try #require(Int64(try await broker.put(event("young"))))
            let ages = "drover:{drover}:eventAges"
            #expect(try await broker.connection.call(RedisCommand("ZCARD", ages)).int == 2)
            _ = try await broker.connection.call(RedisCommand("ZADD", ages, 1000, "default/old"))
            _ = try await broker.put(event("new"))
            #expect(try await names(broker) == ["new", "young"])
            let changes = try await broker.changes(after: version, limit: 10).changes
            #expect(changes.contains { $0.operation == .deleted && $0.resource == "events" && $0.name == "old" })
            try await broker.remove(event("new"))
            #expect(try await broker.connection.call(RedisCommand("ZCARD", ages)).int == 1)
        }
    }

    @Test func aNotedOneCanBeChangedAndDeleted() async throws {
        try await withRedis { broker in
            let stage = try await Stage(broker)
            for name in ["a", "b"] {
                try await stage.job(name)
                _ = try #require(try await stage.claim(name == "a" ? 0 : 1))
            }
            let noted = try await broker.events(namespace: nil)
            let (first, second) = (try #require(noted.first), try #require(noted.last))
            #expect(try await broker.event(namespace: first.namespace, name: first.name) == first)
            #expect(try await broker.event(namespace: first.namespace, name: "none") == nil)
            var changed = StoredObject(resource: "events", namespace: first.namespace, name: first.name, value: ["a": "b"])
            #expect(await failure { () async throws(BrokerError) in _ = try await broker.put(changed) } == .alreadyExists)
            changed.version = "1"
            #expect(await failure { () async throws(BrokerError) in _ = try await broker.put(changed) } == .notFound)
            changed.version = first.resourceVersion
            _ = try await broker.put(changed)
            #expect(try await names(broker) == [first.name])
            #expect(try await broker.event(namespace: first.namespace, name: first.name) == nil)
            try await broker.remove(StoredObject(resource: "events", namespace: second.namespace, name: second.name, value: .null))
            #expect(try await broker.events(namespace: nil).count == noted.count - 2)
        }
    }
}
