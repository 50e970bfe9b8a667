import BatchAPI
import Broker
import Testing

/// Many Jobs at once: whose turn it is.
@Suite struct ShareTests {
    private static let many = 1_000_000

    /// Items granted to each Job in so many grants to one slot, which reports each as done.
    private func run(_ stage: Stage, _ grants: Int, slot: Int = 0, items: Int = 1, claimsApart: Bool = false) async throws -> [String: Int] {
        var granted: [String: Int] = [:]
        let pod: String? = items > 1 ? "" : nil
        var next = try await stage.claim(slot, items: items, pod: pod)
        for _ in 0..<grants {
            let grant = try #require(next)
            granted[grant.job, default: 0] += grant.items?.count ?? 1
            var report = stage.report(grant, .succeeded, slot: slot)
            (report.request.items, report.request.podUID) = (items, pod ?? report.request.podUID)
            next = try await stage.broker.report(report, claiming: !claimsApart).next?.grant
            if claimsApart { next = try await stage.claim(slot, items: items, pod: pod) }
        }
        if let next { try await stage.end(next, .released, slot: slot) }
        return granted
    }

    /// Within 10 % of what its weight gives it.
    private func expectShares(_ granted: [String: Int], _ weights: [String: Double], sourceLocation: SourceLocation = #_sourceLocation) {
        let all = Double(granted.values.reduce(0, +)), sum = weights.values.reduce(0, +)
        for (job, weight) in weights {
            let share = Double(granted[job] ?? 0) / all, wanted = weight / sum
            #expect(abs(share - wanted) < wanted / 10, "\(job): \(share), not \(wanted)", sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: Kind.allCases, [false, true])
    func itemsAreSharedByWeight(_ kind: Kind, _ claimsApart: Bool) async throws {
        try await withStage(kind) { stage in
            let weights = ["a": "0.5", "b": "1", "c": "2", "d": "4.5"]
            for (uid, weight) in weights { try await stage.job(uid, completions: Self.many, permits: 9, weight: weight) }
            expectShares(try await run(stage, 2000, claimsApart: claimsApart), weights.compactMapValues { Double($0) })
        }
    }

    /// Whatever the size of chunks.
    @Test(arguments: Kind.allCases)
    func chunksCountByTheirItems(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job("a", completions: Self.many, permits: 9, weight: "3")
            try await stage.job("b", completions: Self.many, permits: 9)
            let (large, small) = (Lane(stage, 0, items: 50), Lane(stage, 1, items: 5))
            for round in 0..<2000 { try await (round % 11 == 0 ? large : small).go() }
            expectShares(large.granted.merging(small.granted, uniquingKeysWith: +), ["a": 3, "b": 1])
        }
    }

    @Test(arguments: Kind.allCases)
    func anEditOfTheWeightCounts(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            for uid in ["a", "b"] { try await stage.job(uid, completions: Self.many, permits: 9) }
            expectShares(try await run(stage, 200), ["a": 1, "b": 1])
            var job = try #require(try await stage.broker.job(uid: "b"))
            job.metadata.annotations[JobShare.annotation] = "4"
            _ = try await stage.broker.update(job)
            expectShares(try await run(stage, 500), ["a": 1, "b": 4])
        }
    }

    /// It waits for nobody, however long the others have been at it; and they go on as equals.
    @Test(arguments: Kind.allCases)
    func aNewcomerStartsAtOnce(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job("huge", completions: Self.many, permits: 9)
            let first = try #require(try await stage.claim(1))
            #expect(try await run(stage, 300) == ["huge": 300])
            try await stage.job("small", permits: 9)
            let report = stage.report(first, .succeeded, slot: 1)
            let next = try #require(try await stage.broker.report(report, claiming: true).next?.grant)
            #expect(next.job == "small")
            try await stage.end(next, .released, slot: 1)
            let granted = try await run(stage, 20)
            #expect((9...10).contains(granted["small"] ?? 0), "\(granted)")
            try await stage.job("later", completions: Self.many, permits: 9)
            #expect(try await stage.claim()?.job == "later")
        }
    }

    @Test(arguments: Kind.allCases)
    func whoWasAwayHasNoCredit(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            for uid in ["a", "b", "c"] { try await stage.job(uid, completions: Self.many, permits: 9) }
            _ = try await run(stage, 30)
            try await stage.decide("b") { $0.gate = "Suspended" }
            let meanwhile = try await run(stage, 300)
            #expect(meanwhile["b"] == nil && abs(meanwhile["a"]! - 150) <= 2)
            try await stage.open("b", permits: 9)
            let after = try await run(stage, 90)
            for uid in ["a", "b", "c"] { #expect((28...32).contains(after[uid] ?? 0), "\(after)") }
        }
    }

    @Test(arguments: Kind.allCases)
    func higherPriorityGoesStrictlyFirst(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job("low", completions: Self.many, permits: 9, asking: ["priority": -5], weight: "100")
            try await stage.job("plain", completions: Self.many, permits: 9)
            try await stage.job("high", completions: 20, permits: 2, asking: ["priorityClassName": "system-cluster-critical"], weight: "0.01")
            #expect(try await run(stage, 15) == ["high": 15])
            #expect(try await stage.claim(1)?.job == "high")
            #expect(try await stage.claim(2)?.job == "high")
            // Its permits are used up.
            #expect(try await run(stage, 40) == ["plain": 40])
            try await stage.decide("plain") { $0.gate = "Suspended" }
            #expect(try await run(stage, 5) == ["low": 5])
        }
    }

    /// Each priority has a time of its own: who joins a low one does not wait for it to catch up with a high one.
    @Test(arguments: Kind.allCases)
    func prioritiesDoNotDisturbEachOther(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job("low", completions: Self.many, permits: 9)
            for uid in ["x", "y"] { try await stage.job(uid, completions: Self.many, permits: 9, asking: ["priority": 1]) }
            _ = try await run(stage, 200)
            for uid in ["x", "y"] { try await stage.decide(uid) { $0.gate = "Suspended" } }
            try await stage.job("new", completions: Self.many, permits: 9)
            expectShares(try await run(stage, 40), ["low": 1, "new": 1])
        }
    }

    /// A cap holds over all nodes while Jobs take turns.
    @Test(arguments: Kind.allCases)
    func capsStayExact(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.register("m")
            try await stage.job("a", completions: Self.many, permits: 3, weight: "100")
            try await stage.job("b", completions: Self.many, permits: 50)
            let slots = (0..<12).map { Lane(stage, $0, node: $0 % 2 == 0 ? "n" : "m") }
            for round in 0..<600 {
                try await slots[(round * 7) % 12].go()
                #expect(slots.count { $0.grant?.job == "a" } <= 3)
            }
            #expect(slots.count { $0.grant?.job == "a" } == 3 && slots.allSatisfy { $0.grant != nil })
            #expect(try await stage.state("a").active == 3)
        }
    }
}

/// A slot that goes on.
private final class Lane {
    private let stage: Stage, slot: Int, node: String, items: Int
    private(set) var grant: Grant?
    private(set) var granted: [String: Int] = [:]

    init(_ stage: Stage, _ slot: Int, node: String = "n", items: Int = 1) { (self.stage, self.slot, self.node, self.items) = (stage, slot, node, items) }

    /// Reports what it has as done, and claims again.
    func go() async throws {
        if let grant {
            var report = stage.report(grant, .succeeded, slot: slot, node: node)
            if items > 1 { (report.request.items, report.request.podUID) = (items, "") }
            self.grant = try await stage.broker.report(report, claiming: true).next?.grant
        } else {
            grant = try await stage.claim(slot, node: node, items: items, pod: items > 1 ? "" : nil)
        }
        if let grant { granted[grant.job, default: 0] += grant.items?.count ?? 1 }
    }
}
