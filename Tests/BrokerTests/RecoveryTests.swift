import BatchAPI
import Broker
import Redis
import RedisBroker
import Support
import Testing

/// A Redis that comes back with older data (design §4, Recover).
@Suite struct RecoveryTests {
    /// Runs `before`, keeps the data, runs `after`, rolls back to the kept data, runs `then`.
    private func rollBack(
        _ before: (Stage) async throws -> Void, _ after: (Stage) async throws -> Void, then: (Stage, RedisBroker) async throws -> Void
    ) async throws {
        let server = RedisServer()
        let broker = RedisBroker(address: server.address, name: "tests", logger: .quiet)
        do {
            let stage = try await Stage(broker)
            try await before(stage)
            _ = try await broker.connection.call(RedisCommand("SAVE"))
            server.keepSaved()
            try await after(stage)
            server.rollBack()
            var isBack = false
            while !isBack { isBack = await failure { () async throws(BrokerError) in try await broker.nodes() } == nil }
            try await then(stage, broker)
        } catch {
            await broker.close()
            throw error
        }
        await broker.close()
    }

    private func beat(_ stage: Stage, _ held: [HeldLease], node: String = "n") async throws -> [NodeNews] {
        try await stage.broker.renew(Heartbeat(
            node: node, instance: node + "1", held: held, answered: Dictionary(uniqueKeysWithValues: (0..<20).map { ($0, Int64.max) }))).revoked
    }

    @Test func grantsNothingUntilAllNodesHavePresentedWhatTheyRun() async throws {
        var (grants, versions): ([Grant], [Int]) = ([], [])
        try await rollBack { stage in
            try await stage.register("o")
            try await stage.job(permits: 5)
            grants.append(try #require(try await stage.claim(0)))
        } _: { stage in
            for slot in 1...2 { grants.append(try #require(try await stage.claim(slot))) }
            try await stage.end(grants[0], .succeeded)
            versions.append(try #require(Int(try await stage.broker.jobs(namespace: nil).resourceVersion)))
        } then: { stage, _ in
            versions.append(try #require(Int(try await stage.broker.jobs(namespace: nil).resourceVersion)))
            #expect(versions[1] > versions[0])
            #expect(try await stage.claim(5) == nil)
            #expect(try await self.beat(stage, [HeldLease(slot: 1, grants[1]), HeldLease(slot: 2, grants[2])]).isEmpty)
            #expect(try await stage.claim(6) == nil, "o has yet to speak")
            #expect(try await self.beat(stage, [], node: "o").isEmpty)
            let state = try await stage.state()
            #expect((state.active, state.succeeded) == (2, 0), "item 0 was done, which is lost; its lease is given back at once")
            let next = try #require(try await stage.claim(7))
            #expect(next.items == 0...0)
            #expect(next.token > grants.map(\.token).max()! + 1_000_000)
            #expect(try await stage.claim(8)?.items == 3...3)
            #expect(try await stage.end(grants[2], .succeeded, slot: 2))
            #expect(try await stage.state().doneIndexes == [2])
            #expect(try await stage.broker.pods(uid: "u").contains { $0.name == grants[1].pod && $0.uid == grants[1].podUID })
        }
    }

    @Test func takesItemsOutOfWhereverTheyStand() async throws {
        var held: [HeldLease] = []
        try await rollBack { stage in
            try await stage.job(completions: 50, permits: 9, perIndex: 2)
            let chunk = try #require(try await stage.claim(items: 20, pod: ""))
            try await stage.end(chunk, .succeeded, exceptions: [15])
            try await stage.judge(.retry, permits: 9, notBefore: try await stage.state().now.adding(milliseconds: 3_600_000))
            try await stage.end(try #require(try await stage.claim(items: 10, pod: "")), .released)
        } _: { _ in } then: { stage, _ in
            // 0-14 and 16-19 are done, 15 waits, 20-29 are ready, 30-49 fresh.
            func lease(_ slot: Int, _ token: Token, _ items: ClosedRange<Int>) -> HeldLease {
                HeldLease(
                    slot: slot, Grant(job: "u", token: 4_000_000_000_000_000 + token, items: items, pod: "", podUID: "", revision: "", failures: 0))
            }
            held = [lease(0, 1, 15...15), lease(1, 2, 22...24), lease(2, 3, 33...35), lease(3, 4, 24...26), lease(4, 5, 3...3), lease(5, 6, 49...50)]
            let stopped = held[3...].map { NodeNews.stop(job: "u", token: $0.token, grace: 0) }
            let news = try await self.beat(stage, held)
            #expect(news == stopped)
            #expect(try await stage.state().active == 3)
            for (slot, items) in [20...21, 25...29, 30...32, 36...49].enumerated() {
                #expect(try await stage.claim(10 + slot, items: 100, pod: "")?.items == items, "all but what was taken back")
            }
            #expect(try await stage.claim(20, items: 100, pod: "") == nil)
        }
    }

    @Test func takesBackAttemptsOfWorkQueues() async throws {
        var grants: [Grant] = []
        try await rollBack { stage in
            try await stage.job(completions: nil, permits: 1)
        } _: { stage in
            grants.append(try #require(try await stage.claim()))
        } then: { stage, _ in
            var second = grants[0]
            second.token += 1
            let news = try await self.beat(stage, [HeldLease(slot: 0, grants[0]), HeldLease(slot: 1, second)])
            #expect(news == [.stop(job: "u", token: second.token, grace: 0)])
            #expect(try await stage.end(grants[0], .succeeded))
            #expect(try await stage.state().succeeded == 1)
        }
    }

    @Test func endsWhatWasDeletedOrSuspended() async throws {
        var grants: [Grant] = []
        try await rollBack { stage in
            try await stage.job("a", permits: 1)
            try await stage.job("b", permits: 1)
            try await stage.decide("b") { $0.gate = "Suspended" }
        } _: { stage in
            grants.append(try #require(try await stage.claim(0, job: "a")))
            try await stage.open("b", permits: 1)
            grants.append(try #require(try await stage.claim(1, job: "b")))
        } then: { stage, broker in
            try await broker.delete(uid: "a")
            let news = try await self.beat(stage, [HeldLease(slot: 0, grants[0]), HeldLease(slot: 1, grants[1])])
            #expect(news.count == 2)
            #expect(try await stage.state("b").active == 0)
        }
    }

    @Test func aLeaderOfTheLostHistoryIsStale() async throws {
        var epochs: [Int64] = []
        try await rollBack { _ in } _: { stage in
            try await stage.broker.resign(instance: "leader")
            epochs.append(try await stage.broker.elect(Candidate(instance: "other", address: "")).epoch)
            try await stage.job(permits: nil)
        } then: { stage, _ in
            try await stage.job("v", completions: 1, permits: nil)
            let version = try await stage.state("v").version
            let code = await failure { () async throws(BrokerError) in
                try await stage.broker.decide(Decision(uid: "v", epoch: epochs[0], version: version))
            }
            #expect(code == .stale)
            #expect(try await stage.broker.elect(Candidate(instance: "leader", address: "")).epoch > epochs[0])
        }
    }
}
