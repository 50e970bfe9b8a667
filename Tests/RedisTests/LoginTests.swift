import Redis
import Testing

@Suite struct LoginTests {
    private let acl = [
        "--requirepass", "top", "--user", "drover", "on", ">pw", "~*", "+@all", "--user", "blind", "on", ">pw", "~*", "+ping", "+get",
    ]

    private func tcp(_ login: String, _ database: Int = 0) -> (RedisServer) -> RedisAddress {
        { try! RedisAddress("redis://\(login)127.0.0.1:\($0.port)/\(database)") }
    }

    private func whoAmI(_ login: String) async throws -> RedisValue {
        let server = try RedisServer(tcp: true, settings: acl)
        let connection = RedisConnection(address: tcp(login)(server), options: .init(clientName: "tests"), logger: .quiet)
        defer { withExtendedLifetime(server) {} }
        do {
            let name = try await connection.call(RedisCommand("ACL", "WHOAMI"))
            try await expect(connection, RedisCommand("CLIENT", "GETNAME"), .string("tests"))
            await connection.close()
            return name
        } catch {
            await connection.close()
            throw error
        }
    }

    @Test func logsIn() async throws {
        let byPassword = try await whoAmI(":top@")
        #expect(byPassword == .string("default"))
        let byUser = try await whoAmI("drover:pw@")
        #expect(byUser == .string("drover"))
    }

    @Test(arguments: [("", "password"), (":wrong@", "refused"), ("drover:wrong@", "refused"), ("nobody:pw@", "refused")])
    func wrongLoginIsToldAtOnce(_ login: String, _ word: String) async throws {
        let error = await #expect(throws: RedisError.self) { try await whoAmI(login) }
        #expect(error?.code == .authentication)
        #expect(error?.message.contains(word) == true)
        #expect(error?.description.contains("wrong@") == false)
    }

    @Test func aUserWithoutINFOMayUseTheConnectionUnlessItIsHooked() async throws {
        try await withConnection(tcp: true, settings: acl, address: tcp("blind:pw@")) { server, connection in
            try await expect(connection, RedisCommand("GET", "k"), .null)
            #expect(connection.identity == nil)
            let hooked = RedisConnection(address: tcp("blind:pw@")(server), options: .init(onConnect: { _, _ in }), logger: .quiet)
            let error = await failure { () throws(RedisError) in try await hooked.call(RedisCommand("GET", "k")) }
            #expect(error?.code == .connectionFailed)
            await hooked.close()
        }
    }

    @Test func selectsTheDatabase() async throws {
        try await withConnection(tcp: true, address: tcp("", 3)) { server, connection in
            _ = try await connection.call(RedisCommand("SET", "k", 1))
            let isThree = try await connection.call(RedisCommand("CLIENT", "INFO")).string?.contains(" db=3 ")
            #expect(isThree == true)
            let outside = RedisConnection(address: tcp("", 99)(server), logger: .quiet)
            let error = await failure { () throws(RedisError) in try await outside.call(RedisCommand("GET", "k")) }
            #expect(error?.code == .connectionFailed)
            #expect(error?.message.contains("SELECT") == true)
            await outside.close()
        }
    }
}

@Suite struct PrologueTests {
    @Test func callsAreHeldUntilTheOwnerAccepts() async throws {
        let gate = Gate()
        let options = RedisConnection.Options(onConnect: { identity, caller in
            #expect(identity.runID.count == 40)
            #expect(identity.replicationID.count == 40)
            #expect(identity.version.hasPrefix("7."))
            #expect(identity.evictionPolicy == "noeviction")
            await gate.wait()
            _ = try await caller.call(RedisCommand("SET", "k", "prologue"))
        })
        try await withConnection(options) { _, connection in
            let early = await failure { () throws(RedisError) in try await connection.call(RedisCommand("PING"), timeout: .milliseconds(100)) }
            #expect(early?.code == .notSent)
            let held = Task { try await connection.call(RedisCommand("GET", "k")) }
            await gate.open()
            let value = try await held.value
            #expect(value == .string("prologue"))
        }
    }

    @Test func aRefusedConnectionIsTriedAgain() async throws {
        struct Refused: Error {}
        let attempts = Counter()
        let options = RedisConnection.Options(onConnect: { _, _ in if await attempts.next() < 3 { throw Refused() } })
        try await withConnection(options) { _, connection in
            try await expect(connection, RedisCommand("PING"), .status("PONG"))
            #expect(await attempts.value == 3)
        }
    }

    @Test func runsAgainAfterARestart() async throws {
        let ids = Counter()
        let options = RedisConnection.Options(onConnect: { _, caller in
            _ = try await caller.call(RedisCommand("INCR", "epoch"))
            _ = await ids.next()
        })
        try await withConnection(options) { server, connection in
            try await expect(connection, RedisCommand("GET", "epoch"), .string("1"))
            server.kill()
            server.start()
            // The first of these may still meet the dead connection.
            _ = try? await connection.call(RedisCommand("PING"))
            try await expect(connection, RedisCommand("GET", "epoch"), .string("1"))
            #expect(await ids.value == 2)
        }
    }
}

actor Counter {
    private(set) var value = 0

    func next() -> Int {
        value += 1
        return value
    }
}
