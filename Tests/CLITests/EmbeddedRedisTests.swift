import Glibc
import Redis
import Testing
import Worker

@testable import DroverCLI

/// With the real redis-server of this machine, and scripts in its place.
@Suite struct EmbeddedRedisTests {
    private let reaper = ProcessReaper()
    private let scratch = Scratch()

    private func options(data: String? = nil, server: String? = nil) -> EmbeddedRedis.Options {
        var options = EmbeddedRedis.Options(data: data)
        options.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "TMPDIR": scratch.path]
        options.environment["DROVER_REDIS_SERVER"] = server
        return options
    }

    private func call(_ redis: EmbeddedRedis, _ command: RedisCommand) async throws -> RedisValue {
        let connection = RedisConnection(address: redis.address)
        let result: Result<RedisValue, any Error>
        do { result = .success(try await connection.call(command)) } catch { result = .failure(error) }
        await connection.close()
        return try result.get()
    }

    private func mode(_ path: String) -> UInt32 {
        var state = stat()
        return stat(path, &state) == 0 ? state.st_mode & 0o777 : 0
    }

    @Test func runsPrivatelyAndLeavesNothing() async throws {
        var told: Int32 = 0
        let redis = try await EmbeddedRedis.start(options(), reaper: reaper) { told = $0 }
        #expect(told == redis.pid)
        #expect(getsid(redis.pid) == redis.pid, "a session of its own, so that Ctrl-C does not reach it")
        #expect(try await call(redis, RedisCommand("PING")).string == "PONG")
        for (name, value) in [("maxmemory-policy", "noeviction"), ("save", ""), ("appendonly", "no"), ("port", "0")] {
            #expect(try await call(redis, RedisCommand("CONFIG", "GET", name)).array?.last?.string == value)
        }
        let folder = try #require(entries(scratch.path).first)
        #expect(mode(scratch.path + "/" + folder) == 0o700)
        #expect(mode(scratch.path + "/" + folder + "/redis.sock") == 0o700)
        await redis.stop()
        #expect(redis.process.status == .exited(0))
        #expect(entries(scratch.path).isEmpty)
        await redis.stop()
    }

    @Test func dataStays() async throws {
        let data = scratch.path + "/a b\"c/redis"
        let first = try await EmbeddedRedis.start(options(data: data), reaper: reaper)
        _ = try await call(first, RedisCommand("SET", "k", "v"))
        #expect(try await call(first, RedisCommand("CONFIG", "GET", "appendfsync")).array?.last?.string == "everysec")
        await first.stop()
        let second = try await EmbeddedRedis.start(options(data: data), reaper: reaper)
        #expect(try await call(second, RedisCommand("GET", "k")).string == "v")
        await second.stop()
        #expect(mode(data) == 0o700 && !entries(data).contains("redis.sock"))
    }

    @Test func dataIsNotSharedByTwoServers() async throws {
        let data = scratch.path + "/data"
        let first = try await EmbeddedRedis.start(options(data: data), reaper: reaper)
        var second = options(data: data)
        second.timeout = .milliseconds(50)
        let error = await #expect(throws: EmbeddedRedisError.self) { try await EmbeddedRedis.start(second, reaper: reaper) }
        #expect(error?.description.contains("in use") == true)
        await first.stop()
    }

    @Test func theServerHoldsTheLockOnItsOwn() async throws {
        let data = scratch.path + "/data"
        let folder = try await RedisFolder.persistent(data, bases: ["/tmp"], wait: .zero)
        var spec = ProcessSpec(arguments: ["/bin/sleep", "60"])
        spec.inherited = [folder.lock.number]
        let child = try reaper.spawn(spec)
        await #expect(throws: EmbeddedRedisError.self) { try await RedisFolder.persistent(data, bases: ["/tmp"], wait: .zero) }
        child.send(signal: SIGKILL)
        _ = await child.end()
        folder.unlock()
        _ = try await RedisFolder.persistent(data, bases: ["/tmp"], wait: .zero)
    }

    @Test func longPathsGetAShortSocket() async throws {
        let long = scratch.path + "/" + String(repeating: "x", count: 120)
        mkdir(long, 0o700)
        var longTemporary = options()
        longTemporary.environment["TMPDIR"] = long
        longTemporary.environment["XDG_RUNTIME_DIR"] = scratch.path
        for options in [longTemporary, options(data: long + "/data")] {
            let redis = try await EmbeddedRedis.start(options, reaper: reaper)
            #expect(try await call(redis, RedisCommand("PING")).string == "PONG")
            await redis.stop()
        }
        #expect(entries(scratch.path) == [String(repeating: "x", count: 120)])
        #expect(throws: EmbeddedRedisError.self) { try RedisFolder.temporary(below: [long]) }
        #expect(throws: EmbeddedRedisError.self) { try RedisFolder.temporary(below: ["/proc/none"]) }
    }

    @Test func sayWhatIsMissing() async throws {
        var none = options()
        none.environment["PATH"] = scratch.path
        let missing = await #expect(throws: EmbeddedRedisError.self) { try await EmbeddedRedis.start(none, reaper: reaper) }
        #expect(missing?.description == "redis-server not found on PATH: install it (Debian: apt-get install redis-server) or name another one by DROVER_REDIS_SERVER")
        let wrong = await #expect(throws: EmbeddedRedisError.self) { try await EmbeddedRedis.start(options(server: "/none"), reaper: reaper) }
        #expect(wrong?.kind == .missing && wrong?.description.contains("DROVER_REDIS_SERVER") == true)
    }

    static let answers: [(String, String)] = [
        ("echo Redis server v=6.2.14 sha=0 bits=64", "is version 6.2.14, and 7.0 or newer is needed"),
        ("echo hello", "does not tell a version"), ("exit 3", "does not tell"),
    ]

    @Test(arguments: answers) func refusesOldAndOtherPrograms(_ script: String, _ message: String) async {
        let server = scratch.write("server", "#!/bin/sh\n\(script)\n".utf8, mode: 0o755)
        let error = await #expect(throws: EmbeddedRedisError.self) { try await EmbeddedRedis.start(options(server: server), reaper: reaper) }
        #expect(error?.kind == .unsuitable && error?.description.contains(message) == true)
    }

    @Test func versions() {
        #expect(RedisProgram.version(in: "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64") == "7.0.15")
        #expect(RedisProgram.version(in: "Valkey server v=8.1.0-rc1 sha=0") == "8.1.0-rc1")
        #expect(RedisProgram.version(in: "") == nil && RedisProgram.version(in: "v=x") == nil)
        for (version, isNew) in [("7.0", true), ("7.0.15", true), ("10.1", true), ("6.9.9", false), ("8", true), ("", false)] {
            #expect(RedisProgram.isNewEnough(version) == isNew)
        }
    }

    /// A server that answers --version and then does as told.
    private func fake(_ script: String) -> String {
        scratch.write("server", "#!/bin/sh\n[ \"$1\" = --version ] && { echo v=7.2.0; exit; }\n\(script)\n".utf8, mode: 0o755)
    }

    @Test func itsDeathAtTheStartIsToldWithItsLog() async {
        let server = fake("echo 'cannot do it' >&2; exit 7")
        let error = await #expect(throws: EmbeddedRedisError.self) { try await EmbeddedRedis.start(options(server: server), reaper: reaper) }
        #expect(error?.description == "redis-server ended at its start with exit code 7; its log ends:\n  cannot do it")
        #expect(entries(scratch.path) == ["server"])
    }

    @Test func itsSilenceIsToldAndItIsEnded() async throws {
        var silent = options(server: fake("echo waiting; exec /bin/sleep 1000"))
        silent.timeout = .milliseconds(100)
        var pid: Int32 = 0
        let error = await #expect(throws: EmbeddedRedisError.self) { try await EmbeddedRedis.start(silent, reaper: reaper) { pid = $0 } }
        #expect(error?.description.contains("did not answer") == true && error?.description.hasSuffix("waiting") == true)
        #expect(kill(pid, 0) == -1 && errno == ESRCH)
        #expect(entries(scratch.path) == ["server"])
    }

    /// A server that says LOADING to the first `count` PINGs.
    private func loading(_ count: Int) -> String {
        fake("""
            exec perl -MIO::Socket::UNIX -e '
                my ($path) = map { /^unixsocket "(.*)"/ ? $1 : () } <>;
                my $listener = IO::Socket::UNIX->new(Local => $path, Listen => 5) or die "no socket: $!";
                for (my $n = 0; my $client = $listener->accept; $n++) {
                    syswrite $client, $n < \(count) ? "-LOADING Redis is loading the dataset in memory\\r\\n" : "+PONG\\r\\n";
                }' "$1"
            """)
    }

    @Test func aServerThatReadsItsDataIsGivenTime() async throws {
        let redis = try await EmbeddedRedis.start(options(server: loading(3)), reaper: reaper)
        await redis.stop()
        var endless = options(server: loading(1_000_000))
        endless.loadTimeout = .milliseconds(1)
        let error = await #expect(throws: EmbeddedRedisError.self) { try await EmbeddedRedis.start(endless, reaper: reaper) }
        #expect(error?.description.hasPrefix("redis-server did not answer within 0.001 seconds") == true)
    }

    @Test func aServerThatIgnoresSIGTERMIsKilled() async throws {
        let redis = try await EmbeddedRedis.start(options(), reaper: reaper)
        redis.process.send(signal: SIGSTOP)
        let stopped = ContinuousClock.now
        await redis.stop(grace: .milliseconds(1))
        #expect(redis.process.status != nil && stopped.duration(to: .now) < .seconds(10))
    }

    @Test func cancellationLeavesNothing() async {
        let server = fake("exec /bin/sleep 1000")
        let task = Task { [reaper, options = options(server: server)] in
            try await EmbeddedRedis.start(options, reaper: reaper) { _ in withUnsafeCurrentTask { $0?.cancel() } }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(entries(scratch.path) == ["server"])
    }

    @Test func whatDeadRunsLeftIsRemoved() throws {
        let left = scratch.path + "/drover-redis-abcdef", young = scratch.path + "/drover-redis-ghijkl"
        for path in [left, young] {
            mkdir(path, 0o700)
            close(open(path + "/lock", O_CREAT | O_WRONLY, 0o600))
        }
        // The age counts from the last change of the folder itself, which cannot be set back: the young ones stay.
        let folder = try RedisFolder.temporary(below: [scratch.path])
        #expect(entries(scratch.path).count == 3)
        RedisFolder.removeAbandoned(below: scratch.path, olderThan: -5)
        #expect(entries(scratch.path) == [String(folder.path.split(separator: "/").last!)], "a folder in use stays")
        folder.remove()
    }
}
