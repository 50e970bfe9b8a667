/// Something that sends commands to Redis and awaits their replies.
public protocol RedisCaller: Sendable {
    /// Sends a command and awaits its reply.
    /// - Parameters:
    ///   - command: the command; it must not block (BLPOP...) nor change the connection's mode (SUBSCRIBE, MULTI, SELECT...).
    ///   - timeout: how long to wait for the reply; nil for the default.
    ///   - file: where the call stands, for the error.
    ///   - line: where the call stands, for the error.
    /// - Throws: `RedisError`; see its codes for whether the command may have run.
    nonisolated(nonsending) func call(
        _ command: RedisCommand, timeout: Duration?, file: String, line: UInt
    ) async throws(RedisError) -> RedisValue
}

extension RedisCaller {
    /// Sends a command and awaits its reply, placing errors at the caller's line.
    nonisolated(nonsending) public func call(
        _ command: RedisCommand, timeout: Duration? = nil, _ file: String = #fileID, _ line: UInt = #line
    ) async throws(RedisError) -> RedisValue {
        try await call(command, timeout: timeout, file: file, line: line)
    }
}

/// Calls on one connection before it is opened to others; of no use once that connection has gone.
struct RedisPrologue: RedisCaller {
    let connection: RedisConnection
    let generation: UInt64

    nonisolated(nonsending) func call(
        _ command: RedisCommand, timeout: Duration?, file: String, line: UInt
    ) async throws(RedisError) -> RedisValue {
        switch await connection.perform(command, timeout: timeout, generation: generation) {
        case .success(let value): return value
        case .failure(let error): throw error.at(file, line)
        }
    }
}
