import BatchAPI
import Broker
import Testing

@Suite struct ResendTests {
    @Test(arguments: Kind.allCases)
    func aClaimSentAgainBringsTheSame(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job()
            let request = stage.request()
            let first = try await stage.broker.claim(request)
            #expect(first.grant?.items == 0...0)
            #expect(try await stage.broker.claim(request) == first)
            #expect(try await stage.state().active == 1)
            #expect(try await stage.broker.pods(uid: "u").count == 1)
        }
    }

    @Test(arguments: Kind.allCases)
    func anEmptyClaimSentAgainStaysEmpty(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            let request = stage.request()
            #expect(try await stage.broker.claim(request) == .nothing(next: nil))
            try await stage.job()
            #expect(try await stage.broker.claim(request) == .nothing(next: nil))
            #expect(try await stage.claim()?.items == 0...0)
        }
    }

    @Test(arguments: Kind.allCases, [Report.Result.succeeded, .failed, .released])
    func aReportSentAgainChangesNothing(_ kind: Kind, _ result: Report.Result) async throws {
        try await withStage(kind) { stage in
            try await stage.job()
            let report = stage.report(try #require(try await stage.claim()), result)
            let reply = try await stage.broker.report(report, claiming: true)
            #expect(reply.accepted)
            let before = try await stage.state()
            #expect(try await stage.broker.report(report, claiming: true) == reply)
            let after = try await stage.state()
            #expect(before.version == after.version)
            #expect([before.active, before.succeeded, before.failed] == [after.active, after.succeeded, after.failed])
            #expect(before.undecided == after.undecided)
        }
    }

    @Test(arguments: Kind.allCases)
    func aPlainReportWithTheSequenceOfOneThatClaimedChangesNothing(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job()
            let report = stage.report(try #require(try await stage.claim()), .succeeded)
            _ = try await stage.broker.report(report, claiming: true)
            #expect(try await stage.broker.report(report, claiming: false) == ReportReply(accepted: true, next: nil))
            let state = try await stage.state()
            #expect((state.active, state.succeeded) == (1, 1))
        }
    }

    @Test(arguments: Kind.allCases)
    func aRefusedReportStaysRefused(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job()
            var report = stage.report(try #require(try await stage.claim()), .succeeded)
            report.token += 77
            #expect(try await stage.broker.report(report, claiming: false).accepted == false)
            #expect(try await stage.broker.report(report, claiming: false).accepted == false)
            #expect(try await stage.state().succeeded == 0)
        }
    }

    @Test(arguments: Kind.allCases)
    func whatComesLateIsIgnored(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job()
            let old = stage.request(), new = stage.request()
            #expect(try await stage.broker.claim(new).grant != nil)
            #expect(try await stage.broker.claim(old) == .nothing(next: nil))
            #expect(try await stage.state().active == 1)
        }
    }

    @Test(arguments: Kind.allCases)
    func aTokenServesOnce(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.register("o")
            try await stage.job()
            let grant = try #require(try await stage.claim())
            #expect(try await stage.end(grant, .succeeded, slot: 5, node: "o") == false, "another's")
            #expect(try await stage.end(grant, .succeeded))
            #expect(try await stage.end(grant, .failed) == false)
            let state = try await stage.state()
            #expect((state.active, state.succeeded, state.undecided.count) == (0, 1, 0))
        }
    }
}
