import BatchAPI
import Broker
import JobController
import Logging
import Synchronization

@testable import Coordinator
@testable import KubernetesAPI

/// The shipped API and coordinator on a broker whose clock moves when it is told to.
final class ShippedWorld: World {
    private let stage: any BrokerStage
    private let api: API
    private let policy: Options
    private var pass: AgendaPass
    private let dying: DyingBroker?
    private var leaders = 1

    /// - Parameter death: when the first leader dies; then another takes over.
    init(_ stage: any BrokerStage, _ policy: Options, death: DyingBroker.Death? = nil) async throws {
        (self.stage, self.policy) = (stage, policy)
        dying = death.map { DyingBroker(stage.broker, $0) }
        var options = APIOptions()
        options.now = { stage.now }
        api = API(broker: stage.broker, leader: NoLeader(), logs: NoLogs(), options: options)
        let leader = try await stage.broker.elect(Candidate(instance: "leader", address: "here"))
        pass = AgendaPass(broker: dying ?? stage.broker, policy: policy, epoch: leader.epoch, logger: Logger(label: "scenarios"))
    }

    /// Whether the first leader has died.
    var hasChanged: Bool { dying?.hasDied ?? false }

    /// One look of the leader. If it dies in it, another begins anew.
    private func look() async throws -> Agenda {
        do throws(BrokerError) { return try await pass.run() } catch {
            guard let dying, dying.hasDied, error.code == .cancelled else { throw error }
        }
        return try await change()
    }

    /// Another leader takes over, which knows nothing.
    private func change() async throws -> Agenda {
        let old = try await stage.broker.elect(Candidate(instance: "watcher", address: ""))
        leaders += 1
        let leader = try await stage.broker.elect(Candidate(instance: "leader-\(leaders)", address: "there", deadRenewal: old.renewal))
        pass = AgendaPass(broker: stage.broker, policy: policy, epoch: leader.epoch, logger: Logger(label: "scenarios"))
        return try await pass.run(rebuild: true)
    }

    var now: Timestamp { stage.now }

    func send(_ method: String, _ path: String, _ body: Value?, accept: String) async -> Reply {
        let type = method == "PATCH" ? "application/merge-patch+json" : body == nil ? "" : "application/json"
        let request = APIRequest(.init(rawValue: method), path, accept: accept, contentType: type, body: body?.encodedBytes ?? [])
        try? await stage.align()
        let answer = await api.answer(request)
        guard case .bytes(let bytes) = answer.body else { return Reply(code: answer.code, value: .null, warnings: []) }
        let value = (try? Value.parse(json: bytes)) ?? ["message": .string(String(decoding: bytes, as: UTF8.self))]
        let warnings = answer.headers.filter { $0.name == "Warning" }
            .map { String($0.value.dropFirst(7).dropLast()).replacing("\\\"", with: "\"") }
        return Reply(code: answer.code, value: value, warnings: warnings)
    }

    func advance(to time: Timestamp, acted: () async throws -> Void) async throws {
        var rounds = 0
        while true {
            try await stage.align()
            let agenda = try await look()
            if !agenda.jobs.isEmpty {
                rounds += 1
                if rounds > 2000 { throw Stuck(description: "the coordinator does not come to rest") }
                try await acted()
                continue
            }
            guard let next = agenda.next, next <= time else { break }
            try await stage.advance(to: max(next, now.adding(milliseconds: 1)))
        }
        try await stage.advance(to: time)
    }
}

private struct NoLeader: LeaderSource {
    func leader() async throws -> LeaderRecord? { nil }
}

private struct NoLogs: LogSource {
    func logs(job: Job, pod: PodRecord, query: LogQuery) async throws -> AsyncThrowingStream<[UInt8], any Error> {
        throw LogError.unavailable("no node")
    }
}
