import Glibc
import Redis
import Testing

@Suite struct ConnectionTests {
    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func sixtyFourTasksGetTheirOwnReplies(_ onExecutor: Bool) async throws {
        try await withConnection { _, connection in
            try await withTaskExecutorPreference(onExecutor ? connection : nil) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for task in 0..<64 {
                        group.addTask {
                            for turn in 0..<200 {
                                let text = "\(task)-\(turn)"
                                try await expect(connection, RedisCommand("ECHO", text), .string(text))
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func aTaskSeesItsCallsInOrder() async throws {
        try await withConnection { _, connection in
            try await withThrowingTaskGroup(of: Int?.self) { group in
                for _ in 0..<100 { group.addTask { try await connection.call(RedisCommand("INCR", "n")).int } }
                var seen: Set<Int> = []
                for try await number in group { seen.insert(number ?? 0) }
                #expect(seen == Set(1...100))
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func looksAtOtherDescriptorsToo() async throws {
        try await withConnection { _, connection in
            var ends: [Int32] = [0, 0]
            #expect(pipe(&ends) == 0)
            let (source, sink) = (ends[0], ends[1]), (heard, tell) = AsyncStream<Bool>.makeStream()
            defer { close(sink) }
            connection.attend(source) {
                var byte: UInt8 = 0
                if read(source, &byte, 1) == 1 { tell.yield(connection.isCurrent) }
            } leave: {
                tell.finish()
            }
            try await Task(executorPreference: connection) {
                var turns = heard.makeAsyncIterator()
                for _ in 0..<100 {
                    #expect(write(sink, "x", 1) == 1)
                    #expect(await turns.next() == true && connection.isCurrent)
                    try await expect(connection, RedisCommand("ECHO", "still there"), .string("still there"))
                }
            }.value
            await connection.close()
            for await _ in heard { Issue.record("a closed connection heard something") }
            await withCheckedContinuation { done in connection.attend(source) {} leave: { done.resume() } }
        }
    }

    @Test func decodesWhatRedisSends() async throws {
        try await withConnection { _, connection in
            try await expect(connection, RedisCommand("GET", "none"), .null)
            try await expect(connection, RedisCommand("SET", "a", [UInt8]([0, 255])), .status("OK"))
            try await expect(connection, RedisCommand("MGET", "a", "none"), .array([.binary([0, 255]), .null]))
            let error = await failure { () throws(RedisError) in try await connection.call(RedisCommand("LPUSH", "a", 1)) }
            #expect(error?.code == .server)
            #expect(error?.serverCode == "WRONGTYPE")
            #expect(error?.file.hasSuffix("ConnectionTests.swift") == true)
        }
    }

    @Test func carriesBigValues() async throws {
        try await withConnection { _, connection in
            let value = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for key in 0..<8 {
                    group.addTask {
                        _ = try await connection.call(RedisCommand("SET", key, value))
                        let stored = try await connection.call(RedisCommand("GET", key)).bytes
                        #expect(stored == value)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func descriptorsAreClosedOnExec() async throws {
        try await withConnection { server, connection in
            _ = try await connection.call(RedisCommand("PING"))
            var open: [Int32] = []
            for descriptor in Int32(3)..<1024 where isSocket(descriptor, of: server.socketPath) || isEventFD(descriptor) {
                open.append(descriptor)
                #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
            }
            #expect(open.count >= 2)
        }
    }

    private func isSocket(_ descriptor: Int32, of path: String) -> Bool {
        var address = sockaddr_un()
        var size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &size) }
        }
        guard code == 0, address.sun_family == sa_family_t(AF_UNIX) else { return false }
        return withUnsafeBytes(of: address.sun_path) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) } == path
    }

    private func isEventFD(_ descriptor: Int32) -> Bool {
        var buffer = [CChar](repeating: 0, count: 64)
        return readlink("/proc/self/fd/\(descriptor)", &buffer, 63) > 0 && strstr(buffer, "eventfd") != nil
    }

    @Test func closingEndsCallsAndLetsTasksGoOn() async throws {
        let server = try RedisServer()
        let connection = RedisConnection(address: server.address, logger: .quiet)
        _ = try await connection.call(RedisCommand("PING"))
        server.stop()
        let task = Task(executorPreference: connection) {
            await failure { () throws(RedisError) in try await connection.call(RedisCommand("PING"), timeout: .seconds(60)) }
        }
        let closing = Task(executorPreference: connection) { await connection.close() }
        #expect(await task.value?.code == .closed)
        await closing.value
        await connection.close()
        let late = Task(executorPreference: connection) {
            await failure { () throws(RedisError) in try await connection.call(RedisCommand("PING")) }
        }
        #expect(await late.value?.code == .closed)
    }

    @Test func refusesMoreCallsThanTheBound() async throws {
        let server = try RedisServer()
        server.kill()
        let connection = RedisConnection(address: server.address, options: .init(callTimeout: .seconds(30), maxInFlight: 2), logger: .quiet)
        let codes = await withTaskGroup(of: RedisError.Code?.self) { group in
            for _ in 0..<3 {
                group.addTask { await failure { () throws(RedisError) in try await connection.call(RedisCommand("PING")) }?.code }
            }
            let first = await group.next()!
            group.cancelAll()
            return [first] + (await group.reduce(into: []) { $0.append($1) })
        }
        #expect(codes.first == .overloaded)
        #expect(codes.dropFirst().allSatisfy { $0 == .cancelled })
        server.start()
        try await expect(connection, RedisCommand("PING"), .status("PONG"))
        await connection.close()
    }
}
