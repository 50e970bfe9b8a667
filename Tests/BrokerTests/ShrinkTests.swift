import BatchAPI
import Broker
import Testing

/// Indexed Jobs that get fewer indexes and then more again (R21): each index still stands in one place.
@Suite struct ShrinkTests {
    private func resize(_ stage: Stage, _ completions: Int) async throws {
        var job = try #require(try await stage.broker.job(namespace: "default", name: "u"))
        job.spec.completions = completions
        _ = try await stage.broker.update(job)
    }

    /// The indexes that are granted, one after another.
    private func claims(_ stage: Stage, _ count: Int) async throws -> [Int] {
        var found: [Int] = []
        for slot in 0..<count { if let grant = try await stage.claim(100 + slot) { found.append(grant.items!.lowerBound) } }
        return found
    }

    @Test(arguments: Kind.allCases)
    func aFailureThatAwaitsItsVerdictGoesWithItsIndex(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 2, permits: 2, perIndex: 0)
            _ = try await stage.claim(0)
            let second = try #require(try await stage.claim(1))
            try await stage.end(second, .failed, slot: 1)
            try await resize(stage, 1)
            try await resize(stage, 4)
            _ = try await stage.sweep()
            let state = try await stage.state()
            #expect((state.undecided.count, state.failed, state.active) == (0, 0, 1))
            try await stage.open(permits: 10)
            #expect(try await claims(stage, 5) == [1, 2, 3])
        }
    }

    /// Chunks are told of before the shrink is swept: one that it has cut off counts for nothing, one that spans it for what stays.
    @Test(arguments: Kind.allCases)
    func aChunkCountsOnlyWhatStays(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 20, permits: 3)
            var chunks: [Grant] = []
            for slot in 0..<3 { chunks.append(try #require(try await stage.claim(slot, items: 5, pod: ""))) }
            try await resize(stage, 8)
            try await stage.end(chunks[1], .succeeded, slot: 1)
            try await stage.end(chunks[2], .succeeded, slot: 2)
            var state = try await stage.state()
            #expect((state.succeeded, state.active, state.doneIndexes) == (3, 1, [5, 6, 7]))
            try await resize(stage, 12)
            try await stage.end(chunks[0], .released)
            _ = try await stage.sweep()
            state = try await stage.state()
            #expect((state.succeeded, state.active, state.terminating) == (3, 0, 0))
            try await stage.open(permits: 20)
            #expect(try await claims(stage, 12) == [0, 1, 2, 3, 4, 8, 9, 10, 11])
        }
    }

    @Test(arguments: Kind.allCases)
    func aDeletedAttemptThatIsStillEndingGivesNothingBack(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 2, permits: 2, onlyFailed: true)
            _ = try await stage.claim(0)
            let second = try #require(try await stage.claim(1))
            _ = try await stage.broker.delete(PodDeletion(job: "u", token: second.token, grace: 30))
            try await resize(stage, 1)
            _ = try await stage.sweep()
            try await resize(stage, 4)
            #expect(try await stage.end(second, .failed, slot: 1))
            let state = try await stage.state()
            #expect((state.undecided.count, state.failed, state.kept, state.terminating) == (0, 0, 0, 0))
            try await stage.open(permits: 10)
            #expect(try await claims(stage, 5) == [1, 2, 3])
        }
    }

    /// Whoever deletes an attempt before the sweep has come to it: it counts for nothing either way, and its index is free when there is one again.
    @Test(arguments: Kind.allCases)
    func aDeletedAttemptThatWasCutOffCountsForNothing(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 2, permits: 2)
            _ = try await stage.claim(0)
            let second = try #require(try await stage.claim(1))
            try await resize(stage, 1)
            _ = try await stage.broker.delete(PodDeletion(job: "u", token: second.token, grace: 30))
            try await resize(stage, 4)
            var state = try await stage.state()
            #expect((state.undecided.count, state.terminating) == (0, 1))
            #expect(try await stage.end(second, .failed, slot: 1))
            _ = try await stage.sweep()
            state = try await stage.state()
            #expect((state.undecided.count, state.failed, state.active, state.terminating) == (0, 0, 1, 0))
            try await stage.open(permits: 10)
            #expect(try await claims(stage, 5) == [1, 2, 3])
        }
    }

    /// A cut is known at once and swept later.
    @Test(arguments: Kind.allCases)
    func aPodThatIsGoneBeforeItsCutIsSweptGivesItsItemBack(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 2, permits: 1)
            let first = try #require(try await stage.claim(0))
            try await stage.decide { ($0.gate, $0.cut) = ("Suspended", false) }
            _ = try await stage.broker.delete(PodDeletion(job: "u", token: first.token, grace: 0))
            _ = try await stage.sweep()
            try await stage.open(permits: 10)
            #expect(try await claims(stage, 3) == [0, 1])
        }
    }
}
