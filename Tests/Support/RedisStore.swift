import BatchAPI
import Broker
import Dispatch
import Redis
import RedisBroker
import Simulation
import Synchronization

/// A real redis-server with the real scripts as a simulation's store. Each call holds the simulation's one thread until it is answered,
/// so that real time does not show in a run.
public final class RedisStore: SimulatedStore, @unchecked Sendable {
    private let server = RedisServer()
    private let redis: RedisBroker
    private var now: Int64 = 0

    public init() { redis = RedisBroker(address: server.address, name: "simulation", logger: .quiet) }

    public func close() {
        block { await self.redis.close() }
        server.end()
    }

    /// Runs it elsewhere, and waits here.
    @discardableResult
    private func block<Answer: Sendable>(_ body: @escaping @Sendable () async -> Answer) -> Answer {
        let done = DispatchSemaphore(value: 0), answer = Mutex<Answer?>(nil)
        Task.detached {
            let result = await body()
            answer.withLock { $0 = result }
            done.signal()
        }
        done.wait()
        return answer.withLock { $0! }
    }

    private func call(_ command: RedisCommand) -> RedisValue? {
        block { [redis] in
            for _ in 0..<200 {
                if let value = try? await redis.connection.call(command) { return value }
                try? await Task.sleep(for: .milliseconds(20))
            }
            return nil
        }
    }

    public func perform<Answer: Sendable>(
        _ body: @escaping @Sendable (any Broker) async throws(BrokerError) -> Answer
    ) async -> Result<Answer, BrokerError> {
        block { [redis] in
            do throws(BrokerError) { return .success(try await body(redis)) } catch { return .failure(error) }
        }
    }

    public var looksEvery: Int { 8 }

    /// The server's clock goes on by itself meanwhile; it is set before each call.
    public func advance(to time: Int64) async {
        now = max(now, time)
        let offset = now - MemoryBroker.systemTime().milliseconds
        _ = call(RedisCommand("HSET", "drover:{drover}:sys", "offset", offset))
    }

    public func news(among waits: [String]) async -> Set<String> {
        let keys = waits.map { "drover:{drover}:wake:" + ($0.isEmpty ? "leader" : $0) }
        let all = call(RedisCommand("EXISTS", arguments: keys))?.int ?? 0
        if all == 0 { return [] }
        return Set(zip(waits, keys).filter { call(RedisCommand("EXISTS", $0.1))?.int == 1 }.map(\.0))
    }

    public func epoch() async -> Int64 { Int64(call(RedisCommand("HGET", "drover:{drover}:sys", "epoch"))?.int ?? 0) }

    public func checkpoint() async {
        _ = call(RedisCommand("SAVE"))
        server.keepSaved()
    }

    public func restart(rollsBack: Bool) async {
        if !rollsBack { _ = call(RedisCommand("SAVE")) }
        if rollsBack { server.rollBack() } else {
            server.kill()
            server.start()
        }
        _ = call(RedisCommand("PING"))
    }

    public func views() async -> [LedgerView] {
        let paths = call(RedisCommand("ZRANGE", "drover:{drover}:jobs", 0, -1))?.array ?? []
        let shown = paths.compactMap { $0.string?.split(separator: " ").last.map(String.init) }
        let gone = (call(RedisCommand("SMEMBERS", "drover:{drover}:deleted"))?.array ?? []).compactMap(\.string)
        return (shown + gone.sorted()).sorted().compactMap { RedisView(uid: $0, call: { self.call($0) }).view }
    }
}

/// A ledger as its keys hold it.
struct RedisView {
    let uid: String
    let call: (RedisCommand) -> RedisValue?

    private var J: String { "drover:{\(uid)}:" }

    private func list(_ command: RedisCommand) -> [String] { (call(command)?.array ?? []).map { $0.string ?? "" } }

    var view: LedgerView? {
        guard let elements = call(RedisCommand("FCALL", "drover1_state", 0, uid))?.array, elements.count > 11 else { return nil }
        var fields: [String: Int] = [:]
        for at in stride(from: 11, to: 11 + 2 * (elements[10].int ?? 0), by: 2) { fields[elements[at].string ?? ""] = elements[at + 1].int ?? 0 }
        func field(_ name: String) -> Int { fields[name] ?? 0 }
        guard let job else { return nil }
        var view = LedgerView(job: job, completions: field("completions") < 0 ? nil : field("completions"))
        (view.cursor, view.permits, view.active, view.terminating) = (field("cursor"), field("permits"), field("active"), field("terminating"))
        (view.undecided, view.succeeded, view.failed, view.failedIndexes) = (field("undecided"), field("done"), field("failed"), field("badIndexes"))
        (view.isDeleted, view.isOrphaned, view.hasExtras) = (field("deleted") == 1, field("orphaned") == 1, field("extras") > 0)
        view.shrunk = field("shrunk") > 0 ? field("shrunk") - 1 : nil
        view.gate = call(RedisCommand("HGET", J + "ledger", "gate"))?.string ?? ""
        (view.done, view.bad) = (bits("done"), bits("bad"))
        view.ready = list(RedisCommand("ZRANGE", J + "ready", 0, -1)).compactMap { text in
            let parts = text.split(separator: "-").compactMap { Int($0) }
            return parts.count == 2 ? parts[0]...parts[1] : nil
        }
        view.waiting = list(RedisCommand("ZRANGE", J + "waiting", 0, -1)).compactMap { Int($0) }
        view.leases = leases(cut: field("cut"))
        view.held = list(RedisCommand("ZRANGE", J + "held", 0, -1)).map { token in
            let pod = list(RedisCommand("HMGET", J + "pod:" + token, "index", "extra"))
            return (Token(token) ?? 0, pod[1] == "1" ? nil : Int(pod[0]).flatMap { $0 < 0 ? nil : $0 })
        }
        return view
    }

    private var job: Job? {
        let stored = list(RedisCommand("HMGET", J + "job", "object", "status", "rv"))
        guard stored.count == 3, let object = try? Value.parse(json: Array(stored[0].utf8)) else { return nil }
        var job = Job(object)
        if let status = try? Value.parse(json: Array(stored[1].utf8)) { job.status = JobStatus(status) }
        job.metadata.resourceVersion = stored[2]
        return job
    }

    private func bits(_ name: String) -> IndexRanges {
        var ranges = IndexRanges()
        for (at, byte) in (call(RedisCommand("GET", J + name))?.bytes ?? []).enumerated() where byte != 0 {
            for bit in 0..<8 where byte & (0x80 >> bit) != 0 { ranges.insert(at * 8 + bit) }
        }
        return ranges
    }

    private func leases(cut: Int) -> [LedgerView.Lease] {
        let entries = list(RedisCommand("HGETALL", J + "leases"))
        return stride(from: 0, to: entries.count - 1, by: 2).compactMap { at -> LedgerView.Lease? in
            let parts = entries[at + 1].split(separator: "|", omittingEmptySubsequences: false)
            guard parts.count >= 6, let token = Token(entries[at]), let first = Int(parts[3]), let last = Int(parts[4]) else { return nil }
            let standing: LedgerView.Standing =
                switch parts[5] {
                case "L": token > Token(cut) ? .live : .keeping
                case "K", "T": .keeping
                case "Z": .vanished
                default: .bare
                }
            return LedgerView.Lease(token: token, items: first < 0 ? nil : first...last, standing: standing, node: String(parts[0]))
        }.sorted { $0.token < $1.token }
    }
}
