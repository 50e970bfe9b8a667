import BatchAPI
import Broker
import JobController
import Logging
import Simulation
import Testing

@testable import Coordinator

/// When the leader looks at a Job, and what it does when the ledger has moved (R1, R2, R27).
@Suite struct LeaderTests {
    private static func job() -> Job {
        let spec: Value = [
            "completions": 2, "parallelism": 1, "template": ["spec": ["restartPolicy": "Never", "schedulerName": "nobody", "containers": [["name": "c"]]]],
        ]
        return Job(metadata: ObjectMeta(name: "j", namespace: "default", uid: "u"), spec: JobSpec(spec))
    }

    /// S29: a Job that is gone is nobody's business.
    @Test func goneJobs() async throws {
        let stage = MemoryStage()
        let epoch = try await stage.broker.elect(Candidate(instance: "l", address: "")).epoch
        try await JobReconciler(broker: stage.broker, policy: Options(), epoch: epoch).reconcile("nobody")
        #expect(try await stage.broker.jobs(namespace: nil).jobs.isEmpty)
    }

    /// S30: an edit is looked at at once, what an agent writes of a pod within a second.
    @Test func soonAndAtOnce() async throws {
        let stage = MemoryStage(), broker = stage.broker
        let epoch = try await broker.elect(Candidate(instance: "l", address: "")).epoch
        let pass = AgendaPass(broker: broker, policy: Options(), epoch: epoch, logger: Logger(label: "tests"))
        _ = try await broker.create(Self.job(), settings: LedgerSettings())
        while try await !pass.run().jobs.isEmpty {}
        try await stage.advance(to: stage.now.advanced(by: .seconds(30)))
        while try await !pass.run().jobs.isEmpty {}
        let pod = try #require(try await broker.pods(uid: "u").first)
        var write = PodWrite(job: "u", token: pod.token)
        (write.phase, write.node) = ("Failed", "n")
        _ = try await broker.write(write)
        #expect(try await broker.agenda(limit: 9, rebuild: false, epoch: epoch).next == stage.now.advanced(by: .seconds(1)))
        var edited = try #require(try await broker.job(uid: "u"))
        edited.spec.parallelism = 2
        _ = try await broker.update(edited)
        #expect(try await broker.agenda(limit: 9, rebuild: false, epoch: epoch).jobs == ["u"])
    }

    /// S31: a decision from an old state changes nothing and is made anew.
    @Test func staleDecisions() async throws {
        let broker = MemoryStage().broker
        let epoch = try await broker.elect(Candidate(instance: "l", address: "")).epoch
        _ = try await broker.create(Self.job(), settings: LedgerSettings())
        let state = try #require(try await broker.state(uid: "u"))
        var edited = state.job
        edited.spec.suspend = true
        _ = try await broker.update(edited)
        var decision = Decision(uid: "u", epoch: epoch, version: state.version)
        decision.gate = ""
        await #expect(throws: BrokerError.self) { try await broker.decide(decision) }
        try await JobReconciler(broker: broker, policy: Options(), epoch: epoch).reconcile("u")
        #expect(try await broker.job(uid: "u")?.status.isTrue("Suspended") == true)
    }
}
