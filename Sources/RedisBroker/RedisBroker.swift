import BatchAPI
import Broker
import Logging
import Redis
import Synchronization

/// The broker on Redis: one pipelined connection for all calls, and a blocking one for each wait.
public final class RedisBroker: Broker {
    public let connection: RedisConnection
    /// More connections for calls, whose threads are executors of hot tasks: what is called there goes by them.
    public let lanes: [RedisConnection]
    private let news: RedisBlockingConnection
    /// Where `waitForNews` hears of them.
    public var newsExecutor: any TaskExecutor { news.executor }
    private let agendaWait: RedisBlockingConnection
    let changesWait: RedisBlockingConnection
    let jobCache = JobCache()
    private let refusal = Refusal()

    /// Connects in the background; calls wait for the connection until they time out.
    public init(address: RedisAddress, name: String, lanes: Int = 0, logger: Logger) {
        var options = RedisConnection.Options(clientName: name)
        options.onConnect = { [refusal] identity, caller in
            do {
                try await Self.prepare(identity, caller)
                refusal.error.withLock { $0 = nil }
            } catch let error as BrokerError {
                refusal.error.withLock { $0 = error.code == .unusable ? error : nil }
                throw error
            }
        }
        connection = RedisConnection(address: address, options: options, logger: logger)
        options.clientName = name + ".slots"
        self.lanes = (0..<lanes).map { [options] _ in RedisConnection(address: address, options: options, logger: logger) }
        var waiting = RedisConnection.Options(clientName: name + ".wait")
        waiting.onConnect = nil
        news = RedisBlockingConnection(address: address, options: waiting, logger: logger)
        agendaWait = RedisBlockingConnection(address: address, options: waiting, logger: logger)
        changesWait = RedisBlockingConnection(address: address, options: waiting, logger: logger)
    }

    public func close() async {
        await news.close()
        await agendaWait.close()
        await changesWait.close()
        for lane in lanes { await lane.close() }
        await connection.close()
    }

    /// Before a connection is used: is this Redis the one that was known (design §4, Recover), and may it be used at all (I7)?
    private static func prepare(_ identity: ServerIdentity, _ caller: any RedisCaller) async throws {
        if let policy = identity.evictionPolicy, policy != "noeviction" {
            throw BrokerError(.unusable, "redis has maxmemory-policy \(policy): set it to noeviction, it would delete jobs")
        }
        if let major = identity.version.split(separator: ".").first.flatMap({ Int($0) }), major < 7 {
            throw BrokerError(.unusable, "redis \(identity.version) is too old: 7.0 or newer is needed")
        }
        do throws(RedisError) {
            let checksum = try await caller.callFunction("drover1_checksum", library: Library.functions)
            if checksum.string != Library.checksum { try await caller.load(Library.functions) }
            _ = try await caller.callFunction(
                "drover1_recover", arguments: [identity.runID, identity.replicationID, Library.version], library: Library.functions)
        } catch {
            throw BrokerError(error)
        }
    }

    /// The connection that the caller's thread serves, if it does.
    private var near: RedisConnection { lanes.first { $0.isCurrent } ?? connection }

    /// Calls a transition.
    func call(_ name: String, _ arguments: [any RedisArgument], timeout: Duration? = nil) async throws(BrokerError) -> RedisValue {
        do {
            return try await near.callFunction("drover1_" + name, arguments: arguments, library: Library.functions, timeout: timeout)
        } catch {
            // A server that may not be used looks like one that can't be reached.
            throw refusal.error.withLock { $0 } ?? BrokerError(error)
        }
    }

    /// Calls a transition whose reply is a flat array.
    func list(_ name: String, _ arguments: [any RedisArgument]) async throws(BrokerError) -> Reply {
        guard let elements = try await call(name, arguments).array else { throw .malformed(name) }
        return Reply(elements)
    }

    public func waitForNews(node: String, timeout: Duration) async throws(BrokerError) -> [NodeNews] {
        let key = "drover:{drover}:wake:" + node
        // A time-out is noticed every 100 ms: who does not wait does not ask to.
        let command =
            timeout > .zero
            ? RedisCommand("BLMPOP", Self.seconds(timeout), 1, key, "LEFT", "COUNT", 500) : RedisCommand("LMPOP", 1, key, "LEFT", "COUNT", 500)
        do {
            let messages = try await news.call(command, timeout: timeout).array?.last?.array ?? []
            return messages.compactMap { $0.bytes.flatMap { NodeNews(message: $0) } }
        } catch {
            throw BrokerError(error)
        }
    }

    public func waitForAgenda(timeout: Duration) async throws(BrokerError) {
        _ = try await pop(agendaWait, "drover:{drover}:wake:leader", timeout)
    }

    /// As blocking commands take it; 0 would be for ever.
    private static func seconds(_ timeout: Duration) -> Double {
        max(0.01, Double(timeout.components.seconds) + Double(timeout.components.attoseconds) / 1e18)
    }

    private func pop(_ blocking: RedisBlockingConnection, _ key: String, _ timeout: Duration) async throws(BrokerError) -> String? {
        do {
            return try await blocking.call(RedisCommand("BLPOP", key, Self.seconds(timeout)), timeout: timeout).array?.last?.string
        } catch {
            throw BrokerError(error)
        }
    }
}

/// Why the server that was last connected to may not be used; nil if it may.
private final class Refusal: Sendable {
    let error = Mutex<BrokerError?>(nil)
}

extension BrokerError {
    /// What an error of the client means to the ledger's callers.
    init(_ error: RedisError) {
        let code: Code
        switch (error.code, error.serverCode) {
        case (.cancelled, _): code = .cancelled
        case (.server, "EXISTS"): code = .alreadyExists
        case (.server, "CONFLICT"): code = .conflict
        case (.server, "GONE"): code = .notFound
        case (.server, "STALE"): code = .stale
        case (.server, "NONODE"): code = .unknownNode
        case (.server, "NAMETAKEN"): code = .nameTaken
        case (.server, "OOM"), (.server, "READONLY"), (.server, "LOADING"), (.server, "MISCONF"), (.server, "BUSY"), (.server, "AGAIN"): code = .busy
        case (.server, _): code = .unusable
        case (.authentication, _), (.invalidURL, _): code = .unusable
        case (.unexpectedReply, _): code = .malformed
        default: code = .unavailable
        }
        self.init(code, error.message)
    }

    static func malformed(_ call: String) -> BrokerError { BrokerError(.malformed, "the reply of \(call) can't be read") }
}

extension NodeNews {
    /// From a message of the wake-up list: "work", "classes", "ask|slot", "stop|uid|token|grace", "logs|" and a request as JSON, or
    /// "grant|slot|sequence|uid|token|first|last|revision|failures|" and payloads.
    init?(message: [UInt8]) {
        let separator = UInt8(ascii: "|")
        let most = message.starts(with: "grant|".utf8) ? 9 : message.starts(with: "logs|".utf8) ? 1 : 3
        let parts = message.split(separator: separator, maxSplits: most, omittingEmptySubsequences: false)
        let texts = parts.prefix(9).map { String(decoding: $0, as: UTF8.self) }
        switch (texts[0], parts.count) {
        case ("work", 1): self = .work
        case ("classes", 1): self = .classes
        case ("logs", 2):
            guard let value = try? Value.parse(json: Array(parts[1])), let request = LogRequest(value) else { return nil }
            self = .logs(request)
        case ("ask", 2):
            guard let slot = Int(texts[1]) else { return nil }
            self = .ask(slot: slot)
        case ("stop", 4):
            guard let token = Token(texts[2]) else { return nil }
            self = .stop(job: texts[1], token: token, grace: Int(texts[3]))
        case ("grant", 10):
            guard let slot = Int(texts[1]), let sequence = Int64(texts[2]), let grant = Grant(handedOut: texts, payloads: Array(parts[9])) else { return nil }
            self = .granted(slot: slot, sequence: sequence, grant)
        default: return nil
        }
    }
}

extension Grant {
    fileprivate init?(handedOut texts: [String], payloads: [UInt8]) {
        guard let token = Token(texts[4]), let first = Int(texts[5]), let last = Int(texts[6]), let failures = Int(texts[8]), first <= last else { return nil }
        self.init(job: texts[3], token: token, items: first...last, pod: "", podUID: "", revision: texts[7], failures: failures, payloads: payloads)
    }
}
