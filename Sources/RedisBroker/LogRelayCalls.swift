import Broker
import Redis

/// Logs on their way: a list per request, at most 64 parts long, and a key that says that its reader still waits.
public final class RedisLogRelay: LogRelay {
    private let broker: RedisBroker
    private static let capacity = 64
    /// How long a reader or a writer may be silent before the other gives it up, in seconds.
    private static let patience = 15

    public init(broker: RedisBroker) { self.broker = broker }

    private static func list(_ id: String) -> String { "drover:{drover}:log:" + id }
    private static func reader(_ id: String) -> String { "drover:{drover}:log:" + id + ":reader" }

    public func ask(node: String, _ request: LogRequest) async throws(BrokerError) {
        try await call(RedisCommand("SET", Self.reader(request.id), 1, "EX", Self.patience))
        try await call(RedisCommand("RPUSH", "drover:{drover}:wake:" + node, "logs|" + request.value.encoded()))
    }

    public func receive(_ id: String, timeout: Duration) async throws(BrokerError) -> LogPart? {
        try await call(RedisCommand("SET", Self.reader(id), 1, "EX", Self.patience))
        let connection = RedisBlockingConnection(address: broker.connection.address)
        defer { Task { await connection.close() } }
        do {
            let seconds = max(0.01, Double(timeout.components.seconds) + Double(timeout.components.attoseconds) / 1e18)
            let reply = try await connection.call(RedisCommand("BLPOP", Self.list(id), seconds), timeout: timeout)
            return reply.array?.last?.bytes.flatMap { LogPart(encoded: $0) }
        } catch {
            throw BrokerError(error)
        }
    }

    public func send(_ part: LogPart, to id: String) async throws(BrokerError) -> Bool {
        while true {
            guard try await call(RedisCommand("EXISTS", Self.reader(id))).int == 1 else { return false }
            if try await call(RedisCommand("LLEN", Self.list(id))).int ?? 0 < Self.capacity { break }
            try? await Task.sleep(for: .milliseconds(20))
            if Task.isCancelled { return false }
        }
        try await call(RedisCommand("RPUSH", Self.list(id), part.encoded))
        try await call(RedisCommand("EXPIRE", Self.list(id), 4 * Self.patience))
        return true
    }

    @discardableResult
    private func call(_ command: RedisCommand) async throws(BrokerError) -> RedisValue {
        do { return try await broker.connection.call(command) } catch { throw BrokerError(error) }
    }
}

extension LogPart {
    /// A letter for the kind, then the content.
    var encoded: [UInt8] {
        switch self {
        case .bytes(let bytes): [UInt8(ascii: "D")] + bytes
        case .failed(let message): [UInt8(ascii: "F")] + Array(message.utf8)
        case .end: [UInt8(ascii: "E")]
        }
    }

    init?(encoded: [UInt8]) {
        switch encoded.first {
        case UInt8(ascii: "D"): self = .bytes(Array(encoded.dropFirst()))
        case UInt8(ascii: "F"): self = .failed(String(decoding: encoded.dropFirst(), as: UTF8.self))
        case UInt8(ascii: "E"): self = .end
        default: return nil
        }
    }
}
