import BatchAPI
import Broker
import Testing

@Suite struct LeaderTests {
    @Test(arguments: Kind.allCases)
    func electsOne(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            let first = try await stage.broker.elect(Candidate(instance: "leader", address: "here"))
            #expect((first.instance, first.address, first.epoch) == ("leader", "here", stage.epoch))
            let second = try await stage.broker.elect(Candidate(instance: "b", address: "there"))
            #expect((second.instance, second.epoch, second.renewal) == ("leader", stage.epoch, first.renewal))
            let old = try await stage.broker.elect(Candidate(instance: "b", address: "there", deadRenewal: first.renewal - 1))
            #expect(old.instance == "leader")
            let taken = try await stage.broker.elect(Candidate(instance: "b", address: "there", deadRenewal: first.renewal))
            #expect((taken.instance, taken.address, taken.epoch) == ("b", "there", stage.epoch + 1))
            #expect(try await stage.broker.elect(Candidate(instance: "leader", address: "here")).instance == "b")
            try await stage.broker.resign(instance: "leader")
            #expect(try await stage.broker.elect(Candidate(instance: "leader", address: "here")).instance == "b")
            try await stage.broker.resign(instance: "b")
            let last = try await stage.broker.elect(Candidate(instance: "leader", address: "here"))
            #expect((last.instance, last.epoch) == ("leader", stage.epoch + 2))
        }
    }

    @Test(arguments: Kind.allCases)
    func keepsAnAgenda(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            for name in ["a", "b", "c"] { try await stage.job(name, permits: nil) }
            #expect(try await stage.broker.agenda(limit: 2, rebuild: false, epoch: stage.epoch).jobs == ["a", "b"])
            let rest = try await stage.broker.agenda(limit: 2, rebuild: false, epoch: stage.epoch)
            #expect(rest.jobs == ["c"] && rest.next == nil)
            #expect(try await stage.broker.agenda(limit: 9, rebuild: true, epoch: stage.epoch).jobs == ["a", "b", "c"])
            let later = rest.now.adding(milliseconds: 3_600_000)
            try await stage.broker.remind(uid: "b", at: later)
            try await stage.broker.remind(uid: "b", at: later.adding(milliseconds: 5))
            try await stage.broker.remind(uid: "none", at: later)
            let agenda = try await stage.broker.agenda(limit: 9, rebuild: false, epoch: stage.epoch)
            #expect(agenda.jobs.isEmpty && agenda.next == later)
        }
    }

    @Test(arguments: Kind.allCases)
    func wakesTheLeader(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            _ = try await stage.broker.agenda(limit: 9, rebuild: true, epoch: stage.epoch)
            try await stage.broker.waitForAgenda(timeout: .milliseconds(10))
            let broker = stage.broker
            let waiting = Task { try await broker.waitForAgenda(timeout: .seconds(60)) }
            try await stage.job("a", permits: nil)
            try await waiting.value
            #expect(try await broker.agenda(limit: 9, rebuild: false, epoch: stage.epoch).jobs == ["a"])
        }
    }

    @Test(arguments: Kind.allCases)
    func wakesIdleNodes(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            let broker = stage.broker
            #expect(try await broker.waitForNews(node: "n", timeout: .milliseconds(10)).isEmpty)
            #expect(try await stage.claim() == nil)
            let waiting = Task { try await broker.waitForNews(node: "n", timeout: .seconds(60)) }
            try await stage.job("a", permits: 1)
            #expect(try await waiting.value == [.work])
            let grant = try #require(try await stage.claim())
            let stopping = Task { try await broker.waitForNews(node: "n", timeout: .seconds(60)) }
            try await broker.delete(uid: "a")
            _ = try await stage.sweep("a")
            #expect(try await stopping.value == [.stop(job: "a", token: grant.token, grace: nil)])
        }
    }

    @Test(arguments: Kind.allCases)
    func wakesAnIdleNodeWhenAPermitIsFree(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.register("o")
            try await stage.job("a", permits: 1)
            let grant = try #require(try await stage.claim())
            #expect(try await stage.claim(node: "o") == nil)
            try await stage.end(grant, .succeeded)
            #expect(try await stage.broker.waitForNews(node: "o", timeout: .seconds(60)) == [.work])
            #expect(try await stage.claim(node: "o")?.items == 1...1)
        }
    }

    @Test(arguments: Kind.allCases)
    func remindsOfABusyJobOncePerLook(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job("a", permits: 3)
            _ = try await stage.broker.agenda(limit: 9, rebuild: true, epoch: stage.epoch)
            _ = try await stage.state("a")
            for slot in 0..<3 { _ = try await stage.claim(slot) }
            let agenda = try await stage.broker.agenda(limit: 9, rebuild: false, epoch: stage.epoch)
            // One reminder, 100 ms after the first claim: due by now, or still to come.
            #expect((agenda.jobs == ["a"]) != (agenda.next != nil))
            if let next = agenda.next { #expect(next > agenda.now && next <= agenda.now.adding(milliseconds: 100)) }
        }
    }
}
