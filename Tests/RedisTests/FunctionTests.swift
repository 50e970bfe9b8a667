import Redis
import Testing

@Suite struct FunctionTests {
    private let library = RedisFunctionLibrary(
        name: "tests1", version: 1,
        source: """
            #!lua name=tests1
            redis.register_function('tests1_put', function(keys, args) redis.call('SET', keys[1], args[1]); return {#keys, args[1]} end)
            redis.register_function('tests1_fail', function() return redis.error_reply('STALE version 3') end)
            """)

    @Test func aMissingFunctionIsLoaded() async throws {
        try await withConnection { _, connection in
            for _ in 0..<2 {
                let reply = try await connection.callFunction("tests1_put", keys: ["k"], arguments: [5], library: library)
                #expect(reply == .array([.integer(1), .string("5")]))
                _ = try await connection.call(RedisCommand("FUNCTION", "FLUSH"))
            }
        }
    }

    @Test func theFunctionsOwnErrorsAreToldWithTheirCode() async throws {
        try await withConnection { _, connection in
            let error = await failure { () throws(RedisError) in try await connection.callFunction("tests1_fail", library: library) }
            #expect(error?.code == .server)
            #expect(error?.serverCode == "STALE")
            let missing = await failure { () throws(RedisError) in try await connection.callFunction("tests1_none", library: library) }
            #expect(missing?.message.contains("Function not found") == true)
        }
    }
}

@Suite struct BlockingTests {
    @Test func waitsForAPush() async throws {
        try await withConnection { server, connection in
            let blocking = RedisBlockingConnection(address: server.address, logger: .quiet)
            let popped = Task { try await blocking.call(RedisCommand("BLPOP", "list", 10), timeout: .seconds(10)) }
            _ = try await connection.call(RedisCommand("RPUSH", "list", "x"))
            let element = try await popped.value
            #expect(element == .array([.string("list"), .string("x")]))
            await blocking.close()
        }
    }

    @Test func cancellationReturnsAtOnceAndFreesTheServer() async throws {
        try await withConnection { server, connection in
            let blocking = RedisBlockingConnection(address: server.address, logger: .quiet)
            let waiting = Task { await failure { () throws(RedisError) in
                try await blocking.call(RedisCommand("BLPOP", "list", 60), timeout: .seconds(60))
            } }
            while try await blockedClients(connection) == 0 { await Task.yield() }
            let second = await failure { () throws(RedisError) in try await blocking.call(RedisCommand("PING"), timeout: .zero) }
            #expect(second?.code == .overloaded)
            waiting.cancel()
            #expect(await waiting.value?.code == .cancelled)
            while try await blockedClients(connection) > 0 { await Task.yield() }
            let pong = try await blocking.call(RedisCommand("PING"), timeout: .zero)
            #expect(pong == .status("PONG"))
            await blocking.close()
        }
    }

    private func blockedClients(_ connection: RedisConnection) async throws -> Int {
        let text = try await connection.call(RedisCommand("INFO", "clients")).string ?? ""
        let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("blocked_clients:") } ?? ""
        return Int(line.dropFirst("blocked_clients:".count)) ?? -1
    }
}
