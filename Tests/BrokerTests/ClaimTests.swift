import BatchAPI
import Broker
import Testing

@Suite struct ClaimTests {
    @Test(arguments: Kind.allCases)
    func startsTheLowestFirstWithinTheCap(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(permits: 3)
            var grants: [Grant] = []
            for slot in 0..<3 { grants.append(try #require(try await stage.claim(slot))) }
            #expect(grants.map(\.items) == [0...0, 1...1, 2...2])
            #expect(grants[0].token < grants[1].token && grants[1].token < grants[2].token)
            #expect(try await stage.claim(3) == nil)
            #expect(try await stage.end(grants[1], .released, slot: 1))
            #expect(try await stage.claim(4)?.items == 1...1)
            #expect(try await stage.state().active == 3)
        }
    }

    @Test(arguments: Kind.allCases)
    func grantsOnlyThroughAnOpenGate(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(permits: nil)
            #expect(try await stage.state().gate == "new")
            #expect(try await stage.claim() == nil)
            try await stage.open(permits: 3)
            #expect(try await stage.claim() != nil)
            try await stage.decide { $0.gate = "Suspended" }
            #expect(try await stage.claim(1) == nil)
            #expect(try await stage.claim(1, job: "u") == nil)
        }
    }

    @Test(arguments: Kind.allCases)
    func keepsToDeadlineAndBackOff(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job()
            let now = try await stage.state().now
            try await stage.decide { $0.deadline = now }
            #expect(try await stage.claim() == nil)
            try await stage.decide { $0.deadline = now.adding(milliseconds: 3_600_000) }
            let grant = try #require(try await stage.claim())
            try await stage.end(grant, .failed)
            let later = now.adding(milliseconds: 3_600_000)
            try await stage.decide {
                $0.deadline = nil
                $0.verdicts = [.init(token: grant.token, fate: .retry, isCounted: true)]
                ($0.failuresSinceSuccess, $0.notBefore) = (1, later)
            }
            #expect(try await stage.broker.claim(stage.request(1)) == .nothing(next: later))
            try await stage.decide { $0.notBefore = now }
            #expect(try await stage.claim(2)?.items == 0...0)
        }
    }

    @Test(arguments: Kind.allCases)
    func choosesTheJobAskedFor(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job("a")
            try await stage.job("b")
            #expect(try await stage.claim(0, job: "b")?.job == "b")
            #expect(try await stage.claim(1, job: "none") == nil)
            #expect(try await stage.claim(2)?.job == "a")
        }
    }

    @Test(arguments: Kind.allCases)
    func namesPodsByTheRules(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job("j", completions: 200, permits: 2)
            let grant = try #require(try await stage.claim(pod: "uid-1"))
            #expect(grant.pod.hasPrefix("j-0-") && grant.pod.count == 9)
            #expect(grant.podUID == "uid-1")
            let found = try #require(try await stage.broker.pod(namespace: "default", name: grant.pod))
            #expect(found.job.metadata.uid == "j")
            #expect(found.pod.token == grant.token && found.pod.uid == "uid-1" && found.pod.phase == "Pending" && found.pod.index == 0)
            #expect(try await stage.broker.pod(namespace: "default", name: "j-0") == nil)
            let chunk = try #require(try await stage.claim(1, items: 50, pod: ""))
            #expect(chunk.items == 1...50 && chunk.pod.isEmpty)
        }
    }

    @Test(arguments: Kind.allCases)
    func grantsWorkQueuesUntilTheFirstSuccess(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: nil, permits: 3)
            let first = try #require(try await stage.claim(0)), second = try #require(try await stage.claim(1))
            #expect(first.items == nil)
            try await stage.end(first, .succeeded)
            #expect(try await stage.claim(2) == nil)
            try await stage.end(second, .failed, slot: 1)
            try await stage.judge(.retry)
            #expect(try await stage.claim(3) == nil)
            let state = try await stage.state()
            #expect((state.succeeded, state.failed, state.active) == (1, 1, 0))
        }
    }

    @Test(arguments: Kind.allCases)
    func refusesNodesThatAreNotRegistered(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job()
            let strange = ClaimRequest(node: "x", instance: "x1", slot: 0, sequence: 1)
            #expect(await failure { () async throws(BrokerError) in try await stage.broker.claim(strange) } == .unknownNode)
            let other = ClaimRequest(node: "n", instance: "n2", slot: 0, sequence: 1)
            #expect(await failure { () async throws(BrokerError) in try await stage.broker.claim(other) } == .unknownNode)
        }
    }

    @Test(arguments: Kind.allCases)
    func createsTheLargestJobAtOnce(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 100_000_000, permits: 1000)
            #expect(try await stage.claim(0, items: 4096, pod: "")?.items == 0...4095)
            #expect(try await stage.claim(1, items: 4096, pod: "")?.items == 4096...8191)
        }
    }
}
