import BatchAPI
import Broker
import Testing

@Suite struct VerdictTests {
    @Test(arguments: Kind.allCases)
    func holdsAFailureWithItsPermit(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(permits: 2)
            let grant = try #require(try await stage.claim())
            let version = try await stage.state().version
            var report = stage.report(grant, .failed)
            (report.reason, report.message, report.tail, report.exitCode, report.finishedAgo) = ("Error", "boom", "last line", 3, 5)
            #expect(try await stage.broker.report(report, claiming: true) == ReportReply(accepted: true, next: .nothing(next: nil)))
            let state = try await stage.state()
            #expect((state.version, state.active, state.failed, state.undecided.count) == (version + 1, 0, 0, 1))
            let pod = state.undecided[0]
            #expect((pod.phase, pod.exitCode, pod.reason, pod.message, pod.tail, pod.index) == ("Failed", 3, "Error", "boom", "last line", 0))
            #expect(try #require(pod.started) < #require(pod.finished))
            #expect(try await stage.broker.agenda(limit: 10, rebuild: false, epoch: stage.epoch).jobs == ["u"])
        }
    }

    @Test(arguments: Kind.allCases)
    func holdsUpOthersUnlessPerIndex(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job("a", permits: 2)
            try await stage.end(try #require(try await stage.claim(job: "a")), .failed)
            #expect(try await stage.claim(1, job: "a") == nil)
            try await stage.job("b", permits: 2, perIndex: 1)
            try await stage.end(try #require(try await stage.claim(2, job: "b")), .failed, slot: 2)
            #expect(try await stage.claim(3, job: "b")?.items == 1...1)
            #expect(try await stage.claim(4, job: "b") == nil, "the held one keeps its permit")
        }
    }

    @Test(arguments: Kind.allCases, [true, false])
    func retriesAtOnce(_ kind: Kind, _ counted: Bool) async throws {
        try await withStage(kind) { stage in
            try await stage.job(perIndex: 3)
            try await stage.end(try #require(try await stage.claim()), .failed)
            try await stage.judge(.retry, counted: counted)
            let state = try await stage.state()
            #expect((state.failed, state.undecided.count) == (counted ? 1 : 0, 0))
            let again = try #require(try await stage.claim())
            #expect((again.items, again.failures) == (0...0, counted ? 1 : 0))
        }
    }

    @Test(arguments: Kind.allCases)
    func retriesLaterAndKeepsThePlace(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(permits: 2, perIndex: 3)
            try await stage.end(try #require(try await stage.claim()), .failed)
            let now = try await stage.state().now, later = now.adding(milliseconds: 3_600_000)
            try await stage.judge(.retry, permits: 2, notBefore: later)
            #expect(try await stage.claim(0)?.items == 1...1)
            #expect(try await stage.broker.claim(stage.request(1)) == .nothing(next: later), "index 0 keeps its place (R15)")
            try await stage.open(permits: 3)
            #expect(try await stage.claim(2)?.items == 2...2)
        }
    }

    @Test(arguments: Kind.allCases)
    func startsAWaitingItemWhenItIsDue(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(permits: 1, perIndex: 3)
            try await stage.end(try #require(try await stage.claim()), .failed)
            try await stage.judge(.retry, permits: 1, notBefore: try await stage.state().now.adding(milliseconds: 30))
            var grant: Grant?
            while grant == nil {
                let agenda = try await stage.broker.agenda(limit: 10, rebuild: false, epoch: stage.epoch)
                if !agenda.jobs.isEmpty { try await stage.open(permits: 1) }
                grant = try await stage.claim(1)
                if grant == nil { try await stage.broker.waitForAgenda(timeout: .milliseconds(20)) }
            }
            #expect(grant?.items == 0...0)
        }
    }

    @Test(arguments: Kind.allCases)
    func yieldsThePlaceWhereTheJobSaysSo(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(permits: 1, settings: LedgerSettings(yieldsPlace: true, isPerIndex: true))
            try await stage.end(try #require(try await stage.claim()), .failed)
            try await stage.judge(.retry, permits: 1, notBefore: try await stage.state().now.adding(milliseconds: 3_600_000))
            #expect(try await stage.claim(0)?.items == 1...1)
        }
    }

    @Test(arguments: Kind.allCases)
    func failsAnIndexForGood(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 2, perIndex: 0)
            let grant = try #require(try await stage.claim(0)), other = try #require(try await stage.claim(1))
            try await stage.end(grant, .failed)
            try await stage.judge(.failIndex)
            let state = try await stage.state()
            #expect((state.badIndexes, state.failedIndexes, state.failed) == ([0], 1, 1))
            #expect(try await stage.claim(2) == nil)
            _ = try await stage.broker.agenda(limit: 10, rebuild: false, epoch: stage.epoch)
            try await stage.end(other, .succeeded, slot: 1)
            #expect(try await stage.broker.agenda(limit: 10, rebuild: false, epoch: stage.epoch).jobs == ["u"], "all is done or failed")
            #expect(try await stage.state().doneIndexes == [1])
        }
    }

    @Test(arguments: Kind.allCases)
    func dropsWhatIsOfNoInterest(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job()
            let grant = try #require(try await stage.claim())
            try await stage.end(grant, .failed)
            try await stage.decide {
                $0.gate = "Failed"
                $0.verdicts = [.init(token: grant.token, fate: .drop, isCounted: true)]
            }
            let state = try await stage.state()
            #expect((state.failed, state.undecided.count, state.failedIndexes) == (1, 0, 0))
            #expect(try await stage.broker.pods(uid: "u").map(\.phase) == ["Failed"])
        }
    }

    @Test(arguments: Kind.allCases)
    func aSuccessEndsTheBackOffUnlessAFailureIsHeld(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job()
            var grants: [Grant] = []
            for slot in 0..<3 { grants.append(try #require(try await stage.claim(slot))) }
            try await stage.end(grants[0], .failed)
            let later = try await stage.state().now.adding(milliseconds: 3_600_000)
            try await stage.decide {
                $0.verdicts = [.init(token: grants[0].token, fate: .retry, isCounted: true)]
                ($0.notBefore, $0.failuresSinceSuccess) = (later, 1)
            }
            #expect(try await stage.state().notBefore == later)
            try await stage.end(grants[1], .failed, slot: 1)
            try await stage.end(grants[2], .succeeded, slot: 2)
            let held = try await stage.state()
            #expect((held.notBefore, held.failuresSinceSuccess) == (later, 1))
            #expect(held.newestSuccess != nil)
            try await stage.decide {
                $0.verdicts = [.init(token: grants[1].token, fate: .retry, isCounted: true)]
                ($0.notBefore, $0.failuresSinceSuccess) = (nil, 0)
            }
            #expect(try await stage.state().newestSuccess == nil)
            #expect(try await stage.claim()?.items == 0...0)
        }
    }

    @Test(arguments: Kind.allCases)
    func aSuccessAfterTheStateWasReadEndsTheBackOff(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job()
            let bad = try #require(try await stage.claim(0)), good = try #require(try await stage.claim(1))
            try await stage.end(bad, .failed)
            let state = try await stage.state()
            try await stage.end(good, .succeeded, slot: 1)
            var decision = Decision(uid: "u", epoch: stage.epoch, version: state.version)
            (decision.gate, decision.permits, decision.seenSuccess) = ("", 3, Timestamp(milliseconds: 0))
            (decision.notBefore, decision.failuresSinceSuccess) = (state.now.adding(milliseconds: 3_600_000), 1)
            decision.verdicts = [.init(token: bad.token, fate: .retry, isCounted: true)]
            try await stage.broker.decide(decision)
            let after = try await stage.state()
            #expect((after.notBefore, after.failuresSinceSuccess, after.failed) == (nil, 0, 1))
        }
    }

    @Test(arguments: Kind.allCases)
    func refusesStaleDecisions(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job()
            let grant = try #require(try await stage.claim())
            let state = try await stage.state()
            func send(_ epoch: Int64, _ version: Int64) async -> BrokerError.Code? {
                await failure { () async throws(BrokerError) in
                    try await stage.broker.decide(Decision(uid: "u", epoch: epoch, version: version))
                }
            }
            #expect(await send(stage.epoch + 1, state.version) == .stale)
            #expect(await send(stage.epoch - 1, state.version) == .stale)
            try await stage.end(grant, .failed)
            #expect(await send(stage.epoch, state.version) == .stale)
            let none = Decision(uid: "x", epoch: stage.epoch, version: 1)
            #expect(await failure { () async throws(BrokerError) in try await stage.broker.decide(none) } == .notFound)
            #expect(await failure { () async throws(BrokerError) in try await stage.broker.sweep(uid: "u", epoch: 99) } == .stale)
            #expect(try await stage.state().gate == "")
        }
    }
}
