import Foundation
import Testing

/// What ends when its Redis is gone, and how soon; nothing is left behind.
@Suite(.serialized) struct RedisLossTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func start(_ arguments: [String], input: String? = nil) throws -> Command {
        try Command(Drover.path, arguments, environment: ["TMPDIR": scratch.root, "SWIFT_BACKTRACE": "enable=no"], input: input)
    }

    /// The private redis-server of a command that works below this test's folder.
    private func redis() -> Int32? {
        Processes.with(scratch.root).first { $0.contains("redis-server") && !$0.contains("drover run") }
            .flatMap { Int32($0.prefix { $0 != " " }) }
    }

    /// Waits until `count` attempts have written their pids, and gives them.
    private func pids(_ count: Int) async -> [Int32] {
        _ = await wait(seconds: 30) { scratch.read("pids").split(separator: "\n").count >= count }
        return scratch.read("pids").split(separator: "\n").compactMap { Int32($0) }
    }

    private var left: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: scratch.root)) ?? []).filter { $0.hasPrefix("drover-") }
    }

    private var script: String { "echo $$$$ >> \(scratch.path("pids")); exec sleep 72" }
    private var item: [String] { ["--", "sh", "-c", "echo $$ >> \(scratch.path("pids")); exec sleep 72"] }

    private func job() throws -> String { try scratch.write("job.yaml", Manifests.job("long", script: script)) }

    @Test(arguments: ["-f", "--items"]) func aRunWhoseRedisDiesEnds(kind: String) async throws {
        let arguments = kind == "-f" ? ["-f", try job()] : ["-j", "2", "--items", "-"] + item
        let command = try start(["run"] + arguments, input: "a\nb\nc\n")
        let pids = await pids(kind == "-f" ? 1 : 2)
        kill(try #require(redis()), SIGKILL)
        let result = try await command.finish(limit: 15)
        #expect(result.status == 3, "\(result)")
        #expect(result.errors.contains("drover run: the private redis-server has ended: killed by signal 9"), "\(result)")
        #expect(result.errors.contains("not finished (the private redis-server has ended"), "\(result)")
        for pid in pids { #expect(!Processes.isAlive(pid), "\(pid) has survived") }
        #expect(left.isEmpty, "\(left)")
    }

    @Test func aRunWhoseRedisHangsIsInterrupted() async throws {
        let command = try start(["run", "-f", try job(), "--shutdown-timeout", "1s"])
        let pids = await pids(1)
        kill(try #require(redis()), SIGSTOP)
        let signalled = Date()
        command.signal(SIGTERM)
        let result = try await command.finish(limit: 20)
        #expect(result.status == 130 && Date().timeIntervalSince(signalled) < 8, "\(result)")
        for pid in pids { #expect(!Processes.isAlive(pid), "\(pid) has survived") }
        #expect(left.isEmpty, "\(left)")
    }

    @Test func upEndsWithItsRedis() async throws {
        let command = try start(["up", "--data", scratch.path("data"), "--listen", "127.0.0.1:0"])
        #expect(await wait(seconds: 30) { command.output.contains("ready ") }, "\(command.errors)")
        kill(try #require(redis()), SIGKILL)
        let result = try await command.finish(limit: 15)
        #expect(result.status == 3 && result.errors.contains("drover up: the private redis-server has ended: killed by signal 9"), "\(result)")
        #expect(await wait(seconds: 5) { Processes.with(scratch.root).isEmpty }, "\(Processes.with(scratch.root))")
    }

    /// Until now it has done nothing that anybody would have to be told of.
    @Test func aWorkerThatFindsNoRedisEndsAtOnce() async throws {
        let command = try start(["worker", "--redis", "unix://\(scratch.path("none"))", "--data", scratch.path("data")])
        #expect(await wait(seconds: 30) { command.errors.contains("no connection to Redis") })
        let signalled = Date()
        command.signal(SIGTERM)
        let result = try await command.finish(limit: 15)
        #expect(result.status == 0 && Date().timeIntervalSince(signalled) < 3, "\(result)")
    }

    @Test func aWorkerWhoseRedisDiesIsStopped() async throws {
        let socket = scratch.path("r.sock")
        let server = try Command(
            "/usr/bin/env", ["redis-server", "--port", "0", "--unixsocket", socket, "--dir", scratch.root, "--save", "", "--loglevel", "warning"])
        defer { server.end() }
        #expect(await wait(seconds: 15) { FileManager.default.fileExists(atPath: socket) })
        let command = try start(["worker", "--redis", "unix://\(socket)", "--data", scratch.path("data"), "--shutdown-timeout", "2s"])
        // It registers at once, then waits two seconds before it claims.
        try await Task.sleep(for: .seconds(3))
        server.end()
        let signalled = Date()
        command.signal(SIGTERM)
        let result = try await command.finish(limit: 15)
        #expect(result.status == 0 && Date().timeIntervalSince(signalled) < 4, "\(result)")
    }

    @Test func aHangUpEndsARunLikeSIGTERM() async throws {
        let command = try start(["run", "-f", try job()])
        let pids = await pids(1)
        command.signal(SIGHUP)
        let result = try await command.finish(limit: 15)
        #expect(result.status == 130 && result.errors.contains("long: not finished (interrupted)"), "\(result)")
        for pid in pids { #expect(!Processes.isAlive(pid), "\(pid) has survived") }
        #expect(left.isEmpty, "\(left)")
    }

    @Test func aRunWithoutRedisServerLeavesNoFolder() async throws {
        let result = try await Drover.run(["run", "--", "true"], environment: ["TMPDIR": scratch.root, "PATH": "/nonexistent"])
        #expect(result.status == 3 && result.errors.contains("DROVER_REDIS_SERVER") && !result.errors.contains("--redis"), "\(result)")
        #expect(left.isEmpty, "\(left)")
    }
}
