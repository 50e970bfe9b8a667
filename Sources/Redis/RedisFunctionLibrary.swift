/// A library of Redis Functions, with the code to load it anew where a server lacks it.
///
/// Function names are global in Redis: let them carry the version, so that two versions can serve side by side.
public struct RedisFunctionLibrary: Sendable, Hashable {
    /// The library's name, as in the first line of `source`.
    public var name: String
    /// The version, for messages.
    public var version: Int
    /// The Lua code; its first line is `#!lua name=NAME`.
    public var source: String

    /// Makes a library from its parts.
    public init(name: String, version: Int, source: String) {
        self.name = name
        self.version = version
        self.source = source
    }
}

extension RedisCaller {
    /// Calls a Redis Function; a server that lacks it is given `library`, and asked once more.
    /// - Parameters:
    ///   - name: the function's name.
    ///   - keys: the keys that it uses.
    ///   - arguments: the other arguments.
    ///   - library: where the function is defined.
    ///   - timeout: how long to wait for each reply; nil for the default.
    ///   - file: where the call stands, for the error.
    ///   - line: where the call stands, for the error.
    /// - Throws: `.server` for an error reply of the function, with its first word in `serverCode`.
    nonisolated(nonsending) public func callFunction(
        _ name: String, keys: [String] = [], arguments: [any RedisArgument] = [], library: RedisFunctionLibrary,
        timeout: Duration? = nil, file: String = #fileID, line: UInt = #line
    ) async throws(RedisError) -> RedisValue {
        let command = RedisCommand(function: name, keys: keys, arguments: arguments)
        do throws(RedisError) {
            return try await call(command, timeout: timeout, file: file, line: line)
        } catch {
            guard error.code == .server, error.message.hasPrefix("ERR Function not found") else { throw error }
        }
        try await load(library, timeout: timeout, file: file, line: line)
        return try await call(command, timeout: timeout, file: file, line: line)
    }

    /// Loads a library in place of what the server has under its name.
    nonisolated(nonsending) public func load(
        _ library: RedisFunctionLibrary, timeout: Duration? = nil, file: String = #fileID, line: UInt = #line
    ) async throws(RedisError) {
        _ = try await call(RedisCommand("FUNCTION", "LOAD", "REPLACE", library.source), timeout: timeout, file: file, line: line)
    }
}

extension RedisCommand {
    /// FCALL of a function.
    public init(function name: String, keys: [String], arguments: [any RedisArgument]) {
        let size = keys.reduce(0) { $0 + $1.utf8.count } + arguments.reduce(0) { $0 + $1.redisSizeHint }
        self.init("FCALL", capacity: size + name.utf8.count + 16 * (keys.count + arguments.count + 3))
        append(name)
        append(keys.count)
        for key in keys { append(key) }
        for argument in arguments { argument.append(to: &self) }
    }
}
