import BatchAPI
import Broker
import Testing

@Suite struct JobTests {
    @Test(arguments: Kind.allCases)
    func storesAndShowsJobs(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            let stored = try await stage.broker.create(Stage.job("a"), settings: LedgerSettings(yieldsPlace: true, retryDelay: 5))
            #expect(!stored.metadata.resourceVersion.isEmpty)
            let read = try #require(try await stage.broker.job(namespace: "default", name: "a"))
            #expect(read == stored)
            #expect(try await stage.state("a").settings == LedgerSettings(yieldsPlace: true, retryDelay: 5))
            #expect(try await stage.broker.job(namespace: "other", name: "a") == nil)
            #expect(try await stage.broker.job(namespace: "default", name: "") == nil)
            #expect(try await stage.broker.state(uid: "b") == nil)
        }
    }

    @Test(arguments: Kind.allCases)
    func refusesANameThatIsTaken(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            let stored = try await stage.job("a", permits: nil)
            var other = Stage.job("a")
            other.metadata.uid = "other"
            #expect(await failure { () async throws(BrokerError) in try await stage.broker.create(other, settings: LedgerSettings()) } == .alreadyExists)
            #expect(try await stage.broker.create(Stage.job("a"), settings: LedgerSettings()) == stored, "a resend")
        }
    }

    @Test(arguments: Kind.allCases)
    func listsByNamespaceAndName(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            var number = 0
            for path in ["b/x", "a/j-1", "a/j", "a-b/y", "a/j.2"] {
                let parts = path.split(separator: "/").map(String.init)
                var job = Stage.job(parts[1], namespace: parts[0])
                number += 1
                job.metadata.uid = "uid\(number)"
                _ = try await stage.broker.create(job, settings: LedgerSettings())
            }
            func names(_ namespace: String?) async throws -> [String] {
                try await stage.broker.jobs(namespace: namespace).jobs.map { $0.metadata.namespace + "/" + $0.metadata.name }
            }
            #expect(try await names(nil) == ["a-b/y", "a/j", "a/j-1", "a/j.2", "b/x"])
            #expect(try await names("a") == ["a/j", "a/j-1", "a/j.2"])
            #expect(try await names("c") == [])
            #expect(try await !stage.broker.jobs(namespace: nil).resourceVersion.isEmpty)
        }
    }

    @Test(arguments: Kind.allCases)
    func listsMoreThanOnePage(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            for number in 0..<450 { try await stage.job("j\(number)", permits: nil) }
            #expect(try await stage.broker.jobs(namespace: nil).jobs.count == 450)
            #expect(try await stage.broker.jobs(namespace: "default").jobs.count == 450)
        }
    }

    @Test(arguments: Kind.allCases)
    func storesEditsOfTheNewestVersionOnly(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            var job = try await stage.job(permits: 3)
            let before = try await stage.state().version
            job.metadata.annotations["a"] = "b"
            job.spec.parallelism = 2
            let edited = try await stage.broker.update(job)
            #expect(edited.metadata.resourceVersion != job.metadata.resourceVersion)
            #expect(try await stage.broker.job(namespace: "default", name: "u") == edited)
            #expect(await failure { () async throws(BrokerError) in try await stage.broker.update(job) } == .conflict, "also where the edit is the same")
            job.spec.parallelism = 5
            #expect(await failure { () async throws(BrokerError) in try await stage.broker.update(job) } == .conflict)
            #expect(try await stage.state().version == before + 1)
            for slot in 0..<2 { #expect(try await stage.claim(slot) != nil) }
            #expect(try await stage.claim(2) == nil, "the cap is lowered at once")
            var none = Stage.job("none")
            none.metadata.resourceVersion = "1"
            #expect(await failure { () async throws(BrokerError) in try await stage.broker.update(none) } == .notFound)
        }
    }

    @Test(arguments: Kind.allCases)
    func shutsTheGateWithTheEdit(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            var job = try await stage.job(permits: 3)
            job.spec.suspend = true
            job = try await stage.broker.update(job)
            #expect(try await stage.claim() == nil)
            #expect(try await stage.state().gate == "Suspended")
            job.spec.suspend = false
            _ = try await stage.broker.update(job)
            #expect(try await stage.claim() == nil, "opening is the leader's")
        }
    }

    @Test(arguments: Kind.allCases)
    func storesTheStatusOfADecision(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            let job = try await stage.job(permits: nil)
            var status = JobStatus()
            (status.active, status.startTime) = (2, Timestamp(milliseconds: 1_700_000_000_000))
            status.conditions = [JobCondition(type: "Suspended", status: "False", at: status.startTime)]
            try await stage.decide { $0.status = status }
            let read = try #require(try await stage.broker.job(namespace: "default", name: "u"))
            #expect(read.status == status)
            #expect(read.metadata.resourceVersion != job.metadata.resourceVersion)
            try await stage.decide { $0.status = status }
            #expect(try await stage.broker.job(namespace: "default", name: "u") == read, "the same status is no change")
        }
    }

    @Test(arguments: Kind.allCases)
    func deletesAndCollects(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job(permits: 3)
            let done = try #require(try await stage.claim(0)), live = try #require(try await stage.claim(1))
            try await stage.end(done, .succeeded)
            try await stage.broker.delete(uid: "u")
            try await stage.broker.delete(uid: "u")
            #expect(try await stage.broker.job(namespace: "default", name: "u") == nil)
            #expect(try await stage.claim(2) == nil)
            let state = try await stage.state()
            #expect(state.isDeleted && state.needsSweep)
            _ = try await stage.sweep()
            #expect(try await stage.broker.waitForNews(node: "n", timeout: .seconds(5)).contains(.stop(job: "u", token: live.token, grace: nil)))
            #expect(try await stage.broker.pods(uid: "u").map(\.token) == [live.token])
            #expect(try await stage.end(live, .succeeded, slot: 1))
            #expect(try await stage.broker.agenda(limit: 10, rebuild: false, epoch: stage.epoch).jobs == ["u"])
            _ = try await stage.sweep()
            #expect(try await stage.broker.state(uid: "u") == nil)
            #expect(try await stage.broker.pods(uid: "u").isEmpty)
            try await stage.job(permits: 1)
        }
    }
}
