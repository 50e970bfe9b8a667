import Foundation
import Testing

/// Programs built on the library: the example of the documentation, as a process.
@Suite struct HandlerTests {
    static let example = URL(filePath: Drover.path).deletingLastPathComponent().appending(path: "handler-example").path

    /// Workers come, one is killed, another takes over: every item counts once.
    @Test func aKilledWorkerLosesAndRepeatsNothing() async throws {
        let system = try await HandlerSystem()
        defer { system.end() }
        let first = try system.start(["worker"]), second = try system.start(["worker"])
        let submit = try system.start(["count", "primes", "200000"])
        #expect(await wait(seconds: 60) { system.succeeded > 10_000 }, "\(submit.errors)")
        first.signal(SIGKILL)
        let end = try await submit.finish(limit: 120)
        #expect(end.output.contains("succeeded: 200000"), "\(end)")
        #expect(end.output.contains("complete"), "\(end)")
        second.signal(SIGTERM)
        #expect(try await second.finish(limit: 30).status == 0)
    }
}

extension HandlerTests {
    @Test func itemsHaveValuesAndResults() async throws {
        let system = try await HandlerSystem()
        defer { system.end() }
        _ = try system.start(["worker"])
        let names = (0..<300).map { "guest \($0)" } + ["", "Zoë\n"]
        let end = try await system.start(["greet", "party"] + names).finish(limit: 60)
        #expect(end.status == 0, "\(end)")
        #expect(Set(end.lines.filter { $0.contains(": Hello") }) == Set((0..<300).map { "\($0): Hello, guest \($0)!" } + ["301: Hello, Zoë"]), "\(end)")
        #expect(end.output.contains("succeeded: 302") && end.output.contains("complete"), "\(end)")
    }
}

extension HandlerTests {
    @Test func manyPushAtOnce() async throws {
        let system = try await HandlerSystem()
        defer { system.end() }
        _ = try system.start(["worker"])
        let names = (0..<100).map { "guest \($0)" }
        let end = try await system.start(["crowd", "party"] + names).finish(limit: 60)
        #expect(end.status == 0 && end.lines.sorted() == names.map { "Hello, \($0)!" }.sorted(), "\(end)")
    }
}

/// A Redis and a coordinator for handlers.
final class HandlerSystem: @unchecked Sendable {
    let scratch: Scratch
    let redis: Command
    let coordinator: Command
    private var programs: [Command] = []

    init() async throws {
        scratch = try Scratch()
        let socket = scratch.path("redis.sock")
        redis = try Command("/usr/bin/env", ["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--dir", scratch.root])
        coordinator = try Command(Drover.path, ["coordinator", "--redis", "unix://" + socket, "--listen", "127.0.0.1:0", "--lease", "3s"])
    }

    /// The example with `redis` in its place.
    func start(_ arguments: [String]) throws -> Command {
        let program = try Command(HandlerTests.example, [arguments[0], "unix://" + scratch.path("redis.sock")] + arguments.dropFirst())
        programs.append(program)
        return program
    }

    /// Items done, by the status of the one Job.
    var succeeded: Int {
        let redis = "redis-cli -s " + scratch.path("redis.sock")
        let script = "\(redis) --scan --pattern 'drover:*:job' | while read k; do \(redis) hget \"$k\" status; done"
        let process = Process(), pipe = Pipe()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script]
        process.standardOutput = pipe
        guard (try? process.run()) != nil else { return 0 }
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard let range = text.range(of: #"(?<="succeeded":)\d+"#, options: .regularExpression) else { return 0 }
        return Int(text[range]) ?? 0
    }

    func end() {
        for program in programs { program.end() }
        coordinator.end()
        redis.end()
    }
}
