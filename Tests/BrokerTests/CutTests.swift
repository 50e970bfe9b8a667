import BatchAPI
import Broker
import Testing

@Suite struct CutTests {
    @Test(arguments: Kind.allCases, [true, false])
    func endsAllLiveAttemptsAtOnce(_ kind: Kind, _ counted: Bool) async throws {
        try await withStage(kind) { stage in
            try await stage.job(permits: 3)
            var grants: [Grant] = []
            for slot in 0..<3 { grants.append(try #require(try await stage.claim(slot))) }
            try await stage.decide { ($0.gate, $0.cut) = ("Suspended", counted) }
            var state = try await stage.state()
            #expect((state.active, state.terminating, state.failed, state.needsSweep) == (0, 3, counted ? 3 : 0, true))
            #expect(try await stage.end(grants[0], .succeeded), "a report before the sweep")
            #expect(try await stage.sweep() == 1)
            state = try await stage.state()
            #expect((state.succeeded, state.terminating, state.needsSweep, state.failed) == (0, 2, false, counted ? 3 : 0))
            let news = try await stage.broker.waitForNews(node: "n", timeout: .seconds(5))
            #expect(Set(news).isSuperset(of: grants[1...].map { .stop(job: "u", token: $0.token, grace: nil) }))
            #expect(try await stage.broker.pods(uid: "u").count { $0.deletion != nil } == 2)
            #expect(try await stage.end(grants[1], .failed, slot: 1))
            #expect(try await stage.end(grants[2], .succeeded, slot: 2))
            state = try await stage.state()
            #expect((state.succeeded, state.terminating, state.undecided.count) == (0, 0, 0))
            try await stage.open(permits: 3)
            #expect(try await stage.claim(3)?.items == 0...0)
            #expect(try await stage.claim(4)?.items == 1...1)
        }
    }

    @Test(arguments: Kind.allCases)
    func aNewAttemptIsAboveTheCut(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(permits: 3)
            let old = try #require(try await stage.claim(0))
            try await stage.decide { $0.cut = false }
            let new = try #require(try await stage.claim(1))
            #expect(new.items == 1...1, "index 0 is not free before the sweep has met it")
            _ = try await stage.sweep()
            #expect(try await stage.claim(2)?.items == 0...0, "R46: it may start beside the one that ends")
            #expect(try await stage.end(new, .succeeded, slot: 1))
            #expect(try await stage.end(old, .succeeded, slot: 0))
            let state = try await stage.state()
            #expect((state.succeeded, state.active, state.terminating) == (1, 1, 0))
        }
    }

    @Test(arguments: Kind.allCases)
    func waitsForTheEndWhereOnlyFailedPodsAreReplaced(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 2, permits: 2, onlyFailed: true)
            let grants = [try #require(try await stage.claim(0)), try #require(try await stage.claim(1))]
            try await stage.decide { ($0.cut, $0.permits) = (false, 2) }
            _ = try await stage.sweep()
            #expect(try await stage.claim(2) == nil)
            try await stage.end(grants[1], .failed, slot: 1)
            #expect(try await stage.claim(2)?.items == 1...1)
            #expect(try await stage.claim(3) == nil)
        }
    }

    @Test(arguments: Kind.allCases)
    func sweepsManyInSteps(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(completions: 1300, permits: 1300)
            for slot in 0..<1300 { #expect(try await stage.claim(slot) != nil) }
            try await stage.decide { ($0.gate, $0.cut) = ("Failed", true) }
            #expect(try await stage.sweep() > 1)
            let state = try await stage.state()
            #expect((state.terminating, state.failed) == (1300, 1300))
            #expect(try await stage.broker.pods(uid: "u").count { $0.deletion != nil } == 1300)
            try await stage.broker.deregister(name: "n", instance: "n1", lost: false)
            #expect(try await stage.state().terminating == 0)
            try await stage.broker.delete(uid: "u")
            _ = try await stage.sweep()
            #expect(try await stage.broker.state(uid: "u") == nil)
        }
    }

    @Test(arguments: Kind.allCases)
    func picksTheSurplusByRule(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(permits: 5)
            var grants: [Grant] = []
            for slot in 0..<5 { grants.append(try #require(try await stage.claim(slot))) }
            // 0 runs longest, 3 was restarted, 1 runs shortly, 2 waits for its restart, 4 has not started.
            for (at, ago, restarts, runs) in [(0, 9_000_000, 0, true), (1, 10, 0, true), (2, 5000, 1, false), (3, 9_000_000, 2, true)] {
                let progress = Progress(
                    job: "u", token: grants[at].token, instance: "n1", startedAgo: ago, restarts: restarts, isRunning: runs)
                #expect(try await stage.broker.progress(progress))
            }
            for (permits, left) in [(4, [0, 1, 2, 3]), (3, [0, 1, 3]), (2, [0, 3])] {
                try await stage.open(permits: permits)
                #expect(try await stage.state().needsSweep)
                _ = try await stage.sweep()
                let live = try await stage.broker.pods(uid: "u").filter { $0.deletion == nil }
                #expect(live.compactMap(\.index) == left)
                #expect(try await stage.state().active == permits)
            }
            let state = try await stage.state()
            #expect((state.terminating, state.ready, state.restarts, state.needsSweep) == (3, 2, 2, false))
            #expect(try await stage.end(grants[1], .succeeded, slot: 1))
            #expect(try await stage.state().succeeded == 0)
        }
    }
}
