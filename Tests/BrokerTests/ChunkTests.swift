import BatchAPI
import Broker
import Testing

@Suite struct ChunkTests {
    @Test(arguments: Kind.allCases)
    func countsAChunkWithExceptions(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 100, permits: 2, perIndex: 1)
            let chunk = try #require(try await stage.claim(items: 20, pod: ""))
            #expect(chunk.items == 0...19)
            try await stage.end(chunk, .succeeded, exceptions: [0, 7, 8, 19, 20, 500])
            let state = try await stage.state()
            #expect((state.active, state.succeeded, state.undecided.count) == (0, 16, 4))
            #expect(state.doneIndexes == Array(1...6) + Array(9...18))
            #expect(state.undecided.compactMap(\.index).sorted() == [0, 7, 8, 19])
            #expect(state.undecided.allSatisfy { $0.phase == "Failed" && $0.name.hasPrefix("u-") && !$0.uid.isEmpty })
            try await stage.judge(.retry, permits: 4)
            for (slot, index) in [0, 7, 8, 19].enumerated() { #expect(try await stage.claim(slot, items: 20, pod: "")?.items == index...index) }
        }
    }

    @Test(arguments: Kind.allCases)
    func splitsWhatIsGivenBack(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 30, permits: 5)
            let chunk = try #require(try await stage.claim(items: 10, pod: ""))
            try await stage.end(chunk, .released)
            #expect(try await stage.claim(0, items: 4, pod: "")?.items == 0...3)
            #expect(try await stage.claim(1, items: 1)?.items == 4...4)
            #expect(try await stage.claim(2, items: 100, pod: "")?.items == 5...9)
            #expect(try await stage.claim(3, items: 100, pod: "")?.items == 10...29)
            #expect(try await stage.claim(4, items: 100, pod: "") == nil)
        }
    }

    @Test(arguments: Kind.allCases)
    func holdsAtMostFiveHundredFailuresOfAChunk(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 600, permits: 1, perIndex: 1)
            try await stage.end(try #require(try await stage.claim(items: 600, pod: "")), .failed)
            let state = try await stage.state()
            #expect((state.succeeded, state.undecided.count, state.active) == (0, 500, 0))
            try await stage.judge(.failIndex, permits: 1)
            #expect(try await stage.claim(items: 600, pod: "")?.items == 500...500)
        }
    }

    @Test(arguments: Kind.allCases)
    func showsTheWindowFromTheWatermark(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 1000, permits: 5)
            for slot in 0..<3 { try await stage.end(try #require(try await stage.claim(slot, items: 100, pod: "")), .succeeded, slot: slot) }
            #expect(try await stage.state().doneIndexes == Array(0..<300))
            try await stage.decide { $0.watermark = 203 }
            let state = try await stage.state()
            #expect((state.watermark, state.window.count) == (203, 13))
            #expect(state.doneIndexes == Array(200..<300))
        }
    }

    @Test(arguments: Kind.allCases)
    func growsLeasesByTheirPaceAndShrinksThemNearTheEnd(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 1000, permits: 10, runtime: .handler)
            var grant = try #require(try await stage.claim(items: 1 << 20))
            #expect(grant.items == 0...0 && grant.pod.isEmpty && grant.podUID.isEmpty)
            for size in [8, 64, 464] {
                var report = stage.report(grant, .succeeded)
                (report.request.items, report.pace) = (1 << 20, 100_000)
                guard case .granted(let next)? = try await stage.broker.report(report, claiming: true).next else { throw Exhausted() }
                #expect(next.items?.count == size)
                grant = next
            }
            #expect(try await stage.claim(1, items: 1 << 20)?.items?.count == 232)
            // Few at once, and never more than asked for.
            #expect(try await stage.claim(2, items: 5)?.items?.count == 5)
            var report = stage.report(grant, .succeeded)
            (report.request.items, report.pace) = (1 << 20, 2)
            #expect(try await stage.broker.report(report, claiming: true).next?.grant?.items?.count == 2)
        }
    }

    private struct Exhausted: Error {}

    @Test(arguments: Kind.allCases)
    func takesBackWhatOfAChunkWasNotRun(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 20, permits: 2, perIndex: 1)
            let chunk = try #require(try await stage.claim(items: 10, pod: ""))
            var report = stage.report(chunk, .succeeded, exceptions: [2, 7])
            (report.ran, report.details) = (5, [ItemFailure(exitCode: 3, message: "two"), ItemFailure(exitCode: 4, message: "seven")])
            #expect(try await stage.broker.report(report, claiming: false).accepted)
            let state = try await stage.state()
            #expect(state.doneIndexes == [0, 1, 3, 4])
            #expect(state.undecided.map(\.index) == [2] && state.undecided.first?.exitCode == 3 && state.undecided.first?.message == "two")
            let rest = try #require(try await stage.claim(items: 10, pod: ""))
            #expect(rest.items == 5...9)
            var nothing = stage.report(rest, .succeeded)
            nothing.ran = 0
            #expect(try await stage.broker.report(nothing, claiming: false).accepted)
            #expect(try await stage.state().succeeded == 4)
            #expect(try await stage.claim(items: 10, pod: "")?.items == 5...9)
        }
    }

    @Test(arguments: Kind.allCases)
    func whatHasNotBegunStartsElsewhere(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 10, permits: 3)
            let chunk = try #require(try await stage.claim(items: 10, pod: "")), broker = stage.broker
            func giveBack(_ kept: Int, _ instance: String = "n1") async throws -> Bool {
                try await broker.giveBack(job: "u", token: chunk.token, instance: instance, keeping: kept)
            }
            #expect(try await stage.claim(1, items: 10, pod: "") == nil)
            #expect(try await giveBack(3, "somebody") == false)
            // Told twice, and of more than there is: nothing changes.
            for kept in [3, 3, 9] { #expect(try await giveBack(kept)) }
            let rest = try #require(try await stage.claim(1, items: 10, pod: ""))
            #expect(rest.items == 3...9)
            // It began less than was kept.
            var report = stage.report(chunk, .succeeded)
            report.ran = 2
            #expect(try await stage.broker.report(report, claiming: false).accepted)
            #expect(try await stage.claim(2, items: 10, pod: "")?.items == 2...2)
            try await stage.end(rest, .succeeded, slot: 1)
            let state = try await stage.state()
            #expect((state.succeeded, state.active, state.doneIndexes) == (9, 1, [0, 1, 3, 4, 5, 6, 7, 8, 9]))
            #expect(try await giveBack(1) == false)
        }
    }

    /// Those that wait for work hear of it.
    @Test(arguments: Kind.allCases)
    func whatIsGivenBackWakesAWorker(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.register("o")
            try await stage.job(completions: 5, permits: 2)
            let chunk = try #require(try await stage.claim(items: 5, pod: ""))
            #expect(try await stage.claim(node: "o", items: 5, pod: "") == nil)
            _ = try await stage.broker.waitForNews(node: "o", timeout: .zero)
            _ = try await stage.broker.giveBack(job: "u", token: chunk.token, instance: "n1", keeping: 1)
            #expect(try await stage.broker.waitForNews(node: "o", timeout: .zero) == [.work])
        }
    }

    @Test(arguments: Kind.allCases)
    func aShrinkTakesTheEndOfAChunk(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 10, permits: 2)
            let chunk = try #require(try await stage.claim(items: 10, pod: ""))
            func resize(_ count: Int) async throws {
                var job = try #require(try await stage.broker.job(namespace: "default", name: "u"))
                (job.spec.completions, job.spec.parallelism) = (count, count)
                _ = try await stage.broker.update(job)
            }
            try await resize(4)
            try await resize(8)
            _ = try await stage.sweep()
            try await stage.open(permits: 8)
            let rest = try #require(try await stage.claim(1, items: 10, pod: ""))
            #expect(rest.items == 4...7)
            try await stage.end(chunk, .succeeded)
            #expect(try await stage.state().doneIndexes == Array(0..<4))
            try await stage.end(rest, .succeeded, slot: 1)
            #expect(try await stage.state().succeeded == 8)
        }
    }
}
