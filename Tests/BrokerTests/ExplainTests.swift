import BatchAPI
import Broker
import Testing

/// Pods that nobody takes say why.
@Suite struct ExplainTests {
    @Test(arguments: Kind.allCases)
    func podsShowItUntilSomebodyTakesThem(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            let holder = Stage.job("solo", completions: nil)
            _ = try await stage.broker.createPod(holder, metadata: .object([:]), isTracked: false)
            func explain(_ message: String) async throws {
                try await stage.broker.explain(uid: "solo", epoch: stage.epoch, message: message, again: .seconds(30), job: false)
            }
            try await explain("0/1 nodes are available: 1 Insufficient cpu.")
            let first = try #require(try await stage.broker.pods(uid: "solo").first)
            #expect(first.waits == "0/1 nodes are available: 1 Insufficient cpu.")
            try await explain(first.waits)
            #expect(try await stage.broker.pods(uid: "solo").first == first, "nothing new")
            let events = try await stage.broker.events(namespace: "default")
            #expect(events.map(\.reason) == ["FailedScheduling"] && events.map(\.kind) == ["Pod"] && events.map(\.type) == ["Warning"])
            #expect(events.map(\.object) == ["solo"] && events.map(\.uid) == ["solo"] && events.map(\.count) == [1])
            try await explain("")
            #expect(try await stage.broker.pods(uid: "solo").first?.waits == "")
            #expect(try await stage.broker.events(namespace: "default").count == 1)
            _ = try #require(try await stage.claim())
            try await explain("too late")
            #expect(try await stage.broker.pods(uid: "solo").first?.waits == "")
        }
    }

    @Test(arguments: Kind.allCases)
    func ofTooManyPodsTheJobTells(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job("u", completions: 5000, permits: 5000)
            for message in ["no", "no", ""] {
                try await stage.broker.explain(uid: "u", epoch: stage.epoch, message: message, again: .seconds(30), job: true)
            }
            let events = try await stage.broker.events(namespace: "default")
            #expect(events.map(\.kind) == ["Job"] && events.map(\.reason) == ["FailedScheduling"] && events.map(\.count) == [2])
        }
    }

    @Test(arguments: Kind.allCases)
    func onlyTheLeaderTells(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            await #expect(throws: BrokerError.self) {
                try await stage.broker.explain(uid: "u", epoch: stage.epoch - 1, message: "x", again: .seconds(1), job: false)
            }
        }
    }

    @Test(arguments: Kind.allCases)
    func nodesTellWhatIsFree(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            let free = ["cpu": try Quantity("1500m"), "pods": try Quantity("3")]
            _ = try await stage.broker.renew(Heartbeat(node: "n", instance: "n1", held: [], free: free))
            let node = try #require(try await stage.broker.nodes().first)
            #expect(node.free == free && node.written == nil)
        }
    }

    @Test func reasonsAreCountedPerNode() throws {
        func node(_ name: String, cpu: String, free: [String: String] = [:], labels: [String: String] = [:]) throws -> NodeRecord {
            var record = NodeRecord(name: name, instance: "i", renewal: 1, lease: .seconds(1), slots: 2, labels: labels)
            record.offer.capacity = ["cpu": try Quantity(cpu)]
            record.free = try free.mapValues { try Quantity($0) }
            return record
        }
        let terms = PlacementTerms(PodTemplate(spec: PodSpec(["containers": [["resources": ["requests": ["cpu": "2"]]]], "nodeSelector": ["a": "b"]])))
        let small = try node("s", cpu: "1", labels: ["a": "b"]), other = try node("o", cpu: "8")
        let busy = try node("f", cpu: "8", free: ["cpu": "1", "pods": "0"], labels: ["a": "b"])
        #expect(Unschedulable.message(terms, []) == "no nodes available to schedule pods")
        #expect(
            Unschedulable.message(terms, [small, other, other, busy])
                == "0/4 nodes are available: 1 Too many pods, 2 Insufficient cpu, 2 node(s) didn't match Pod's node affinity/selector.")
        let spread = "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match pod topology spread constraints."
        #expect(Unschedulable.message(terms, [small, try node("n", cpu: "8", labels: ["a": "b"])], skewed: ["n", "s"]) == spread)
        #expect(Unschedulable.message(terms, [small, try node("n", cpu: "8", free: ["cpu": "2", "pods": "1"], labels: ["a": "b"])]) == nil)
    }
}
