import BatchAPI
import Broker
import Testing

/// Pods that stand Pending for a worker to come.
@Suite struct PlaceTests {
    /// Places as the leader does: again and again until nobody has claimed for a second.
    private func place(_ stage: Stage, limit: Int) async throws -> Int {
        for _ in 0..<200 {
            let count = try await stage.broker.place(uid: "u", epoch: stage.epoch, limit: limit)
            if count > 0 { return count }
            try await Task.sleep(for: .milliseconds(20))
        }
        return 0
    }

    @Test(arguments: Kind.allCases)
    func standOnceNobodyHasClaimedForASecond(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 4, permits: 3)
            let first = try #require(try await stage.claim())
            #expect(try await stage.broker.place(uid: "u", epoch: stage.epoch, limit: 3) == 0)
            #expect(try await place(stage, limit: 3) == 2, "one permit is taken")
            let pods = try await stage.broker.pods(uid: "u").filter { $0.node.isEmpty }
            #expect(pods.map(\.index) == [1, 2] && pods.allSatisfy { $0.phase == "Pending" && !$0.uid.isEmpty })
            #expect(try await stage.state().active == 3)
            let second = try #require(try await stage.claim(1))
            #expect(second.pod == pods[0].name && second.podUID == pods[0].uid && second.items == 1...1)
            #expect(try await stage.end(first, .succeeded))
            // A worker takes what is there: nothing is placed meanwhile.
            #expect(try await stage.broker.place(uid: "u", epoch: stage.epoch, limit: 3) == 0)
            #expect(try await stage.claim()?.items == 2...2)
            #expect(try await stage.claim(3)?.items == 3...3)
        }
    }

    @Test(arguments: Kind.allCases, [false, true])
    func goAtOnceWithTheirPermits(_ kind: Kind, isCut: Bool) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 4, permits: 3)
            #expect(try await place(stage, limit: 3) == 3)
            try await stage.decide { decision in
                if isCut { (decision.gate, decision.cut) = ("Suspended", false) } else { decision.permits = 1 }
            }
            _ = try await stage.sweep()
            let state = try await stage.state()
            #expect(state.active == (isCut ? 0 : 1) && state.terminating == 0)
            #expect(try await stage.broker.pods(uid: "u").map(\.index) == (isCut ? [] : [0]))
            try await stage.open(permits: 4)
            var items: [ClosedRange<Int>?] = []
            for slot in 0..<4 { items.append(try await stage.claim(slot)?.items) }
            #expect(items == [0...0, 1...1, 2...2, 3...3])
        }
    }
}
