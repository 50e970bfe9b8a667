import BatchAPI
import Broker
import JobController
import Logging
import Simulation
import Synchronization

@testable import Coordinator
@testable import KubernetesAPI

/// The shipped API and coordinator on the broker in memory, under a clock that only moves when it is told to.
final class ShippedWorld: World {
    private final class Clock: Sendable {
        private let time = Mutex(Timestamp(rfc3339: "2027-01-15T08:00:00Z")!)
        func read() -> Timestamp { time.withLock { $0 } }
        func set(_ now: Timestamp) { time.withLock { $0 = max($0, now) } }
    }

    private let clock: Clock
    private let broker: MemoryBroker
    private let api: API
    private let pass: AgendaPass

    init(_ policy: Options) async throws {
        let clock = Clock()
        self.clock = clock
        broker = MemoryBroker(clock: { clock.read() }, sleep: { _ in })
        var options = APIOptions()
        options.now = { clock.read() }
        api = API(broker: broker, leader: NoLeader(), logs: NoLogs(), options: options)
        let leader = try await broker.elect(Candidate(instance: "leader", address: "here"))
        pass = AgendaPass(broker: broker, policy: policy, epoch: leader.epoch, logger: Logger(label: "scenarios"))
    }

    var now: Timestamp { clock.read() }

    func send(_ method: String, _ path: String, _ body: Value?, accept: String) async -> Reply {
        let type = method == "PATCH" ? "application/merge-patch+json" : body == nil ? "" : "application/json"
        let request = APIRequest(.init(rawValue: method), path, accept: accept, contentType: type, body: body?.encodedBytes ?? [])
        let answer = await api.answer(request)
        guard case .bytes(let bytes) = answer.body else { return Reply(code: answer.code, value: .null, warnings: []) }
        let value = (try? Value.parse(json: bytes)) ?? ["message": .string(String(decoding: bytes, as: UTF8.self))]
        let warnings = answer.headers.filter { $0.name == "Warning" }.map { String($0.value.dropFirst(7).dropLast()).replacing("\\\"", with: "\"") }
        return Reply(code: answer.code, value: value, warnings: warnings)
    }

    func advance(to time: Timestamp, acted: () async throws -> Void) async throws {
        var rounds = 0
        while true {
            let agenda = try await pass.run()
            if !agenda.jobs.isEmpty {
                rounds += 1
                if rounds > 2000 { throw Stuck(description: "the coordinator does not come to rest") }
                try await acted()
                continue
            }
            guard let next = agenda.next, next <= time else { break }
            clock.set(max(next, now.adding(milliseconds: 1)))
        }
        clock.set(time)
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
