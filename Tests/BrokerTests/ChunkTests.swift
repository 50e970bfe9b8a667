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
}
