import BatchAPI
import Broker
import Logging
import Synchronization
import Testing

@testable import KubernetesAPI

/// What is done once and not once for each of many.
@Suite struct ScaleTests {
    @Test func encodedObjectsAreBounded() {
        let encoded = EncodedObjects(limit: 1000)
        var made = 0
        func ask(_ number: Int) -> [UInt8] {
            encoded.bytes("object-\(number)") {
                made += 1
                return Array(repeating: UInt8(number & 0xFF), count: 100)
            }
        }
        for number in 0..<100 { #expect(ask(number) == Array(repeating: UInt8(number), count: 100)) }
        #expect(made == 100 && encoded.count <= 20)
        #expect(ask(99).first == 99 && made == 100)
        #expect(ask(0).first == 0 && made == 101)
    }

    @Test func anEditShowsInTheNextList() async throws {
        let world = World()
        let job = try await world.job("j"), pods = "/api/v1/namespaces/default/pods"
        world.pod(job)
        #expect(try await world.send(.get, pods).value.at("items.0.status.phase")?.string == "Running")
        world.broker.state.withLock { state in
            state.pods[job.metadata.uid]![0].phase = "Succeeded"
            state.pods[job.metadata.uid]![0].resourceVersion = "8"
        }
        let list = try await world.send(.get, pods).value
        #expect(list.at("items.0.status.phase")?.string == "Succeeded" && list["kind"]?.string == "PodList" && list["apiVersion"]?.string == "v1")
        #expect(list.at("items.0.kind") == nil && list.at("metadata.resourceVersion") != nil)
    }

    @Test func watchesThatBeginTogetherListOnce() async throws {
        let lists = Mutex(0)
        let source = WatchSource {
            lists.withLock { $0 += 1 }
            try await Task.sleep(for: .milliseconds(50))
            return ([["metadata": ["namespace": "n", "name": "a", "resourceVersion": "1"]]], 1)
        } one: { _, _ in nil }
        let hub = WatchHub(log: FakeBroker(), sources: ["things": source], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await hub.watch("things", after: nil).first.count } }
            for try await count in group { #expect(count == 1) }
        }
        #expect(lists.withLock { $0 } == 1)
        await hub.stop()
    }
}
