import BatchAPI
import Broker
import Testing

/// Chunks that are handed out to slots that wait, with the news.
@Suite struct HandOutTests {
    private static func job(_ stage: Stage, _ uid: String = "u") async throws {
        var job = Stage.job(uid, completions: 0, perIndex: 1, runtime: .handler)
        job.metadata.annotations[Job.itemsAnnotation] = "true"
        _ = try await stage.broker.create(job, settings: LedgerSettings())
        try await stage.takeAll()
        try await stage.open(uid, permits: 20)
    }

    private static func push(_ stage: Stage, _ uid: String = "u", at first: Int, count: Int = 1) async throws {
        var items = PackedItems()
        for index in first..<first + count { items.append("item | \(index)".utf8) }
        #expect(try await stage.broker.push(ItemPush(job: uid, first: first, items: items, slab: 64)).result == .taken)
    }

    private static func news(_ stage: Stage, _ node: String = "n") async throws -> [NodeNews] {
        try await stage.broker.waitForNews(node: node, timeout: .zero)
    }

    /// Asks in vain; the store knows then that the slot waits.
    private static func wait(_ stage: Stage, _ slot: Int = 0, takes: Bool = true) async throws -> ClaimRequest {
        let request = stage.request(slot, items: 8, takesHandouts: takes)
        #expect(try await stage.broker.claim(request).grant == nil)
        return request
    }

    @Test(arguments: Kind.allCases)
    func aSlotThatWaitsIsHandedWhatComes(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await Self.job(stage)
            let waiting = try await Self.wait(stage)
            _ = try await Self.news(stage)
            try await Self.push(stage, at: 0)
            let news = try await Self.news(stage)
            guard case .granted(0, let sequence, let grant)? = news.first, news.count == 1 else {
                Issue.record("\(news)")
                return
            }
            #expect(sequence == waiting.sequence + 1 && grant.items == 0...0 && grant.job == "u" && grant.pod.isEmpty)
            var reader = PackedReader(grant.payloads)
            #expect(reader.next().map { String(decoding: $0, as: UTF8.self) } == "item | 0")
            #expect(try await stage.state().active == 1)
            // The call that it is the answer to gets the same, should the news be lost.
            #expect(try await stage.claim(0, items: 8) == grant)
            #expect(try await stage.end(grant, .succeeded))
            #expect(try await stage.state().succeeded == 1)
        }
    }

    @Test(arguments: Kind.allCases)
    func everyWaitingSlotGetsOneThing(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await Self.job(stage)
            for slot in 0..<3 { _ = try await Self.wait(stage, slot) }
            _ = try await Self.news(stage)
            for index in 0..<3 { try await Self.push(stage, at: index) }
            let handed = try await Self.news(stage).compactMap { news -> Int? in
                if case .granted(let slot, _, let grant) = news { slot + 10 * grant.items!.lowerBound } else { nil }
            }
            #expect(handed == [0, 11, 22])
            try await Self.push(stage, at: 3)
            #expect(try await Self.news(stage) == [.work], "nobody waits: the node hears that there is work")
        }
    }

    @Test(arguments: Kind.allCases)
    func whoseTurnItIsNotGetsNothing(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await Self.job(stage)
            // It does not take any.
            _ = try await Self.wait(stage, takes: false)
            _ = try await Self.news(stage)
            try await Self.push(stage, at: 0)
            #expect(try await Self.news(stage) == [.work])
            #expect(try await stage.claim(0)?.items == 0...0)
            // It has called again since.
            _ = try await Self.wait(stage, 1)
            _ = try await Self.wait(stage, 1, takes: false)
            let objects = try #require(stage.broker as? any ObjectStore)
            try await objects.cordon(node: "n", true)
            _ = try await Self.wait(stage, 2)
            _ = try await Self.news(stage)
            try await Self.push(stage, at: 1)
            #expect(try await Self.news(stage) == [.work])
            try await objects.cordon(node: "n", false)
        }
    }

    /// By their turn, Jobs are claimed from.
    @Test(arguments: Kind.allCases)
    func onlyTheOneJobWithWorkIsHandedOut(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await Self.job(stage)
            try await Self.push(stage, at: 0)
            try await Self.job(stage, "v")
            try await stage.broker.register(NodeRegistration(name: "o", instance: "o1", machine: "m", slots: 1, lease: .seconds(9)))
            let plain = stage.request(0, node: "o", classes: [""], takesHandouts: true)
            #expect(try await stage.broker.claim(plain).grant == nil)
            try await Self.push(stage, "v", at: 0)
            #expect(try await Self.news(stage, "o").isEmpty)
        }
    }

    @Test(arguments: Kind.allCases)
    func aHeartbeatThatDoesNotKnowOfItHasTheSlotAsk(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await Self.job(stage)
            let waiting = try await Self.wait(stage)
            try await Self.push(stage, at: 0)
            let before = Heartbeat(node: "n", instance: "n1", held: [], answered: [0: waiting.sequence])
            #expect(try await stage.broker.renew(before).revoked == [.ask(slot: 0)])
            #expect(try await stage.state().active == 1)
            // It will not make the call: it counts as answered, and the lease is not named.
            let refusing = Heartbeat(node: "n", instance: "n1", held: [], answered: [0: waiting.sequence + 1])
            #expect(try await stage.broker.renew(refusing).revoked.isEmpty)
            #expect(try await stage.state().active == 0)
            #expect(try await stage.claim(1, items: 8)?.items == 0...0)
        }
    }

    @Test(arguments: Kind.allCases)
    func whatIsLostWithItsNodeComesBack(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await Self.job(stage)
            _ = try await Self.wait(stage)
            try await Self.push(stage, at: 0)
            try await stage.broker.deregister(name: "n", instance: "n1", lost: true)
            try await stage.register("n", instance: "n2")
            #expect(try await stage.state().active == 0)
        }
    }
}
