import BatchAPI
import Broker
import Testing

@Suite struct NodeTests {
    @Test(arguments: Kind.allCases)
    func registersAndLists(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            let node = NodeRegistration(name: "a", instance: "a1", machine: "m", labels: ["x": "y"], slots: 3, lease: .seconds(7))
            try await stage.broker.register(node)
            let found = try await stage.broker.nodes()
            #expect(found.map(\.name) == ["a", "n"])
            #expect((found[0].instance, found[0].slots, found[0].lease, found[0].labels) == ("a1", 3, .seconds(7), ["x": "y"]))
            _ = try await stage.broker.renew(Heartbeat(node: "a", instance: "a1", held: []))
            #expect(try await stage.broker.nodes()[0].renewal == found[0].renewal + 1)
            let strange = Heartbeat(node: "a", instance: "a2", held: [])
            #expect(await failure { () async throws(BrokerError) in try await stage.broker.renew(strange) } == .unknownNode)
            let bad = NodeRegistration(name: "a|b", instance: "i", machine: "m", slots: 1, lease: .seconds(1))
            #expect(await failure { () async throws(BrokerError) in try await stage.broker.register(bad) } == .unusable)
        }
    }

    @Test(arguments: Kind.allCases)
    func refusesANamesakeOnAnotherMachine(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            let other = NodeRegistration(name: "n", instance: "n2", machine: "other", slots: 1, lease: .seconds(1))
            #expect(await failure { () async throws(BrokerError) in try await stage.broker.register(other) } == .nameTaken)
            try await stage.broker.deregister(name: "n", instance: "n1", lost: false)
            try await stage.broker.register(other)
            #expect(try await stage.broker.nodes().map(\.instance) == ["n2"])
        }
    }

    @Test(arguments: Kind.allCases)
    func aSuccessorEndsWhatItsPredecessorLeft(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(permits: 3, perIndex: 1)
            let grant = try #require(try await stage.claim(0)), chunk = try #require(try await stage.claim(1, items: 2, pod: ""))
            #expect(chunk.items == 1...2)
            try await stage.register("n", instance: "n2")
            let state = try await stage.state()
            #expect(state.active == 0 && state.undecided.map(\.token) == [grant.token])
            #expect(state.undecided.first?.disruption == "DeletionByTaintManager")
            #expect(try await stage.end(grant, .succeeded) == false)
            let again = ClaimRequest(node: "n", instance: "n2", slot: 0, sequence: 1, items: 5, podUID: "")
            #expect(try await stage.broker.claim(again).grant?.items == 1...2)
        }
    }

    @Test(arguments: Kind.allCases)
    func tellsWhatToStopAtAHeartbeat(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(permits: 3)
            let kept = try #require(try await stage.claim(0))
            try await stage.job("v", permits: 3)
            let cut = try #require(try await stage.claim(1, job: "v"))
            try await stage.decide("v") { ($0.gate, $0.cut) = ("Suspended", false) }
            var strange = kept
            strange.token += 1000
            let held = [HeldLease(slot: 0, kept), HeldLease(slot: 1, cut), HeldLease(slot: 2, strange)]
            let reply = try await stage.broker.renew(Heartbeat(node: "n", instance: "n1", held: held))
            #expect(reply.revoked == [.stop(job: "v", token: cut.token, grace: nil), .stop(job: "u", token: strange.token, grace: 0)])
        }
    }

    @Test(arguments: Kind.allCases)
    func releasesWhatTheNodeHasHeardOfAndDoesNotName(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(permits: 3)
            let grant = try #require(try await stage.claim())
            let unaware = Heartbeat(node: "n", instance: "n1", held: [], answered: [0: 0])
            let silent = Heartbeat(node: "n", instance: "n1", held: [], answered: [0: 1])
            let naming = Heartbeat(node: "n", instance: "n1", held: [HeldLease(slot: 0, grant)], answered: [0: 1])
            for beat in [unaware, naming, unaware] {
                #expect(try await stage.broker.renew(beat).revoked == (beat == unaware ? [.ask(slot: 0)] : []))
                #expect(try await stage.state().active == 1)
            }
            _ = try await stage.broker.renew(silent)
            let state = try await stage.state()
            #expect((state.active, state.undecided.count, state.failed) == (0, 0, 0))
            #expect(try await stage.broker.renew(naming).revoked == [.stop(job: "u", token: grant.token, grace: 0)])
            #expect(try await stage.broker.pods(uid: "u").isEmpty)
            #expect(try await stage.claim(1)?.items == 0...0)
        }
    }

    @Test(arguments: Kind.allCases)
    func expiresALostNode(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.register("lost")
            try await stage.job(permits: 3)
            let grant = try #require(try await stage.claim(node: "lost"))
            #expect(try await stage.broker.progress(Progress(job: "u", token: grant.token, instance: "lost1", startedAgo: 5, restarts: 2)))
            let renewal = try #require(try await stage.broker.nodes().first { $0.name == "lost" }).renewal
            #expect(
                await failure { () async throws(BrokerError) in
                    try await stage.broker.expire(node: "lost", instance: "lost1", renewal: renewal, epoch: 99)
                } == .stale)
            #expect(try await stage.broker.expire(node: "lost", instance: "lost1", renewal: renewal - 1, epoch: stage.epoch) == 0)
            #expect(try await stage.state().active == 1, "it has renewed since")
            while try await stage.broker.expire(node: "lost", instance: "lost1", renewal: renewal, epoch: stage.epoch) > 0 {}
            let state = try await stage.state()
            #expect((state.active, state.ready, state.restarts) == (0, 0, 0))
            let pod = try #require(state.undecided.first)
            #expect((pod.phase, pod.disruption, pod.exitCode, pod.restarts) == ("Failed", "DeletionByTaintManager", nil, 2))
            #expect(try await stage.broker.nodes().map(\.name) == ["n"])
            #expect(try await stage.end(grant, .succeeded, node: "lost") == false)
        }
    }

    @Test(arguments: Kind.allCases, [true, false])
    func deregisters(_ kind: Kind, _ lost: Bool) async throws {
        try await withStage(kind) { stage in
            try await stage.register("o")
            try await stage.job(permits: 600, perIndex: 1)
            let grant = try #require(try await stage.claim(node: "o"))
            try await stage.broker.deregister(name: "o", instance: "o1", lost: lost)
            let state = try await stage.state()
            #expect(state.active == 0 && state.undecided.map(\.token) == (lost ? [grant.token] : []))
            #expect(try await stage.claim()?.items == (lost ? 1...1 : 0...0))
            try await stage.broker.deregister(name: "o", instance: "o1", lost: lost)
        }
    }

    @Test(arguments: Kind.allCases)
    func countsProgressOfLiveAttempts(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(permits: 3)
            let grant = try #require(try await stage.claim())
            var progress = Progress(job: "u", token: grant.token, instance: "n1", startedAgo: 1000)
            #expect(try await stage.broker.progress(progress))
            #expect(try await stage.broker.progress(progress), "again changes nothing")
            #expect(try await stage.state().ready == 1)
            (progress.restarts, progress.isRunning, progress.lastExitCode) = (6, false, 9)
            _ = try await stage.broker.agenda(limit: 10, rebuild: false, epoch: stage.epoch)
            #expect(try await stage.broker.progress(progress))
            #expect(try await stage.broker.agenda(limit: 10, rebuild: false, epoch: stage.epoch).jobs == ["u"], "at backoffLimit the leader looks (R32)")
            let state = try await stage.state()
            #expect((state.ready, state.restarts) == (0, 6))
            let pod = try await stage.broker.pods(uid: "u")[0]
            #expect((pod.phase, pod.restarts, pod.exitCode, pod.isRunning) == ("Running", 6, 9, false))
            progress.instance = "other"
            #expect(try await stage.broker.progress(progress) == false)
            try await stage.end(grant, .succeeded)
            #expect((try await stage.state().ready, try await stage.state().restarts) == (0, 0))
        }
    }

    /// A pod of several containers is told of before they run, and at its end; times are counted from the moment of telling.
    @Test(arguments: Kind.allCases)
    func keepsContainerStates(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(permits: 3)
            let grant = try #require(try await stage.claim()), plain = try #require(try await stage.claim(1)), now = Timestamp(milliseconds: 5000)
            var initial = ContainerState("i", .running(since: now)), main = ContainerState("m", .waiting(reason: "PodInitializing", message: "\"wait\""))
            var progress = Progress(job: "u", token: grant.token, instance: "n1", startedAgo: -1, restarts: 1, isRunning: false)
            progress.states = ContainerState.text([initial, main], now: now)
            #expect(try await stage.broker.progress(progress))
            let state = try await stage.state()
            #expect((state.ready, state.restarts, state.active) == (0, 1, 2))
            var pod = try await stage.broker.pods(uid: "u")[0]
            #expect((pod.phase, pod.restarts, pod.states.map(\.name)) == ("Pending", 1, ["i", "m"]) && pod.started == nil)
            guard case .running(let since) = pod.states[0].stage else { return #expect(Bool(false), "\(pod.states)") }
            #expect(pod.states[1] == main && since >= pod.created)
            (initial.stage, main.stage, main.isReady) = (.ended(.init(code: 0, reason: "Completed", started: now, finished: now)), .running(since: now), true)
            (progress.startedAgo, progress.isRunning, progress.states) = (0, true, ContainerState.text([initial, main], now: now))
            #expect(try await stage.broker.progress(progress))
            pod = try await stage.broker.pods(uid: "u")[0]
            #expect(pod.phase == "Running" && pod.states[0].exit?.code == 0 && pod.states[1].isReady)
            var report = stage.report(grant, .failed)
            main.stage = .ended(.init(code: 9, reason: "Error", message: "m", started: nil, finished: now))
            report.states = ContainerState.text([initial, main], now: now)
            #expect(try await stage.broker.report(report, claiming: false).accepted)
            pod = try #require(try await stage.state().undecided.first)
            #expect(pod.states.map { $0.exit?.code } == [0, 9] && pod.states[1].exit?.message == "m")
            progress = Progress(job: "u", token: plain.token, instance: "n1", startedAgo: -1, isRunning: false)
            progress.states = ContainerState.text([main], now: now)
            #expect(try await stage.broker.progress(progress))
            (progress.startedAgo, progress.states) = (0, ContainerState.none)
            #expect(try await stage.broker.progress(progress))
            #expect(try await stage.broker.pods(uid: "u").first { $0.token == plain.token }?.states.isEmpty == true)
        }
    }
}
