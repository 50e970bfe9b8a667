import Redis
import Testing

@Suite struct LossTests {
    private func ping(_ connection: RedisConnection, _ timeout: Duration = .seconds(20)) async -> RedisError? {
        await failure { () throws(RedisError) in try await connection.call(RedisCommand("PING"), timeout: timeout) }
    }

    @Test func unsentCallTimesOutAsNotSent() async throws {
        let server = try RedisServer()
        server.kill()
        let connection = RedisConnection(address: server.address, logger: .quiet)
        let error = await ping(connection, .milliseconds(50))
        #expect(error?.code == .notSent)
        #expect(error?.mayHaveRun == false)
        await connection.close()
    }

    @Test func sentCallTimesOutAndTheConnectionIsReplaced() async throws {
        try await withConnection { server, connection in
            let id = try await connection.call(RedisCommand("CLIENT", "ID")).int
            server.stop()
            let error = await ping(connection, .milliseconds(50))
            #expect(error?.code == .timedOut)
            #expect(error?.mayHaveRun == true)
            server.resume()
            let next = try await connection.call(RedisCommand("CLIENT", "ID")).int
            #expect(next != id)
        }
    }

    @Test func lateReplyGoesToNobody() async throws {
        let server = FakeServer()
        let connection = RedisConnection(address: server.address, logger: .quiet)
        func echo(_ text: String, _ timeout: Duration) -> Task<RedisValue, any Error> {
            Task(executorPreference: connection) { try await connection.call(RedisCommand("ECHO", text), timeout: timeout) }
        }
        try await server.accept()
        let first = echo("first", .seconds(20))
        #expect(try await server.command() == ["ECHO", "first"])
        let late = echo("late", .seconds(2))
        #expect(try await server.command() == ["ECHO", "late"])
        // Heard since the late call was sent: the server is slow, not gone, and the connection stays.
        server.send("$5\r\nfirst\r\n")
        try await expectValue(first, .string("first"))
        let error = await #expect(throws: RedisError.self) { try await late.value }
        #expect(error?.code == .timedOut)
        let next = echo("next", .seconds(20))
        #expect(try await server.command() == ["ECHO", "next"])
        server.send("$4\r\nlate\r\n$4\r\nnext\r\n")
        try await expectValue(next, .string("next"))
        await connection.close()
    }

    @Test func nonsenseFromTheServerIsALostConnection() async throws {
        let server = FakeServer()
        let connection = RedisConnection(address: server.address, logger: .quiet)
        try await server.accept()
        let lost = Task(executorPreference: connection) { await ping(connection) }
        #expect(try await server.command() == ["PING"])
        server.send("hello\r\n")
        #expect(await lost.value?.code == .connectionLost)
        try await server.accept()
        let next = Task(executorPreference: connection) { await ping(connection) }
        #expect(try await server.command() == ["PING"])
        server.send("+PONG\r\n")
        #expect(await next.value == nil)
        await connection.close()
    }

    private func expectValue(_ task: Task<RedisValue, any Error>, _ value: RedisValue) async throws {
        let got = try await task.value
        #expect(got == value)
    }

    @Test func cancellationReturnsAndKeepsTheOrder() async throws {
        try await withConnection { server, connection in
            let id = try await connection.call(RedisCommand("CLIENT", "ID")).int
            server.stop()
            let (started, signal) = AsyncStream<Void>.makeStream()
            let cancelled = Task(executorPreference: connection) {
                signal.yield()
                return await failure { () throws(RedisError) in try await connection.call(RedisCommand("ECHO", "gone")) }
            }
            for await _ in started { break }
            let kept = Task(executorPreference: connection) { try await connection.call(RedisCommand("ECHO", "kept")) }
            cancelled.cancel()
            #expect(await cancelled.value?.code == .cancelled)
            server.resume()
            let text = try await kept.value
            #expect(text == .string("kept"))
            let same = try await connection.call(RedisCommand("CLIENT", "ID")).int
            #expect(same == id)
        }
    }

    @Test func aCancelledTaskSendsNothing() async throws {
        try await withConnection { _, connection in
            let gate = Gate()
            let task = Task {
                await gate.wait()
                return await failure { () throws(RedisError) in try await connection.call(RedisCommand("SET", "k", 1)) }
            }
            task.cancel()
            await gate.open()
            let error = await task.value
            #expect(error?.code == .cancelled)
            #expect(error?.mayHaveRun == false)
            try await expect(connection, RedisCommand("GET", "k"), .null)
        }
    }

    @Test func lostReplyThenReconnect() async throws {
        try await withConnection { server, connection in
            let before = connection.identity
            _ = try await connection.call(RedisCommand("PING"))
            server.stop()
            let (started, signal) = AsyncStream<Void>.makeStream()
            let lost = Task(executorPreference: connection) {
                signal.yield()
                return await ping(connection)
            }
            for await _ in started { break }
            // A turn of the loop later the command is with the kernel.
            await Task(executorPreference: connection) { await Task.yield() }.value
            server.kill()
            #expect(await lost.value?.code == .connectionLost)
            let waiting = Task { await ping(connection) }
            server.start()
            #expect(await waiting.value == nil)
            #expect(connection.identity != nil)
            #expect(connection.identity != before)
        }
    }
}
