import BatchAPI
import Broker
import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization
import Testing

@testable import KubernetesAPI

/// What a client may ask for, and what it gets beyond that.
@Suite(.timeLimit(.minutes(2)))
struct LimitTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let watch = "GET /apis/batch/v1/namespaces/default/jobs?watch=true HTTP/1.1\r\nHost: localhost\r\n\r\n"

    /// Runs a server while `body` talks to its port.
    private func serve(
        _ logs: any LogSource = FakeLogs(), logger: Logger = quiet, change: (inout APIOptions) -> Void = { _ in },
        _ body: (_ port: Int, _ options: APIOptions) async throws -> Void
    ) async throws {
        var options = APIOptions()
        change(&options)
        let world = World()
        world.pod(try await world.job("j"))
        let server = APIServer(
            broker: world.broker, leader: world.broker, logs: logs, address: try .parse("127.0.0.1:0"), options: options, logger: logger)
        let (ports, port) = AsyncStream<Int>.makeStream()
        let serving = Task { try await server.run { port.yield($0) } }
        var listening = ports.makeAsyncIterator()
        let number = try #require(await listening.next())
        do { try await body(number, options) } catch { Issue.record(error) }
        serving.cancel()
        try await serving.value
    }

    @Test func heads() async throws {
        try await serve { port, _ in
            let value = String(repeating: "x", count: 70_000)
            for head in ["GET /version HTTP/1.1\r\nHost: localhost\r\nX: \(value)\r\n\r\n", "GET /\(value)\(value)\(value) HTTP/1.1\r\nHost: localhost\r\n\r\n"] {
                let client = try RawConnection(port: port)
                try client.send(head)
                #expect(try await client.readUntil("HTTP/1.1 431 "))
            }
            let many = try RawConnection(port: port)
            try many.send("GET /version HTTP/1.1\r\nHost: localhost\r\n" + (0..<300).map { "X\($0): 1\r\n" }.joined() + "\r\n")
            #expect(try await many.readUntil("HTTP/1.1 431 "))
        }
    }

    @Test func slowSenders() async throws {
        try await serve(change: { ($0.headTimeout, $0.bodyTimeout) = (.milliseconds(100), .milliseconds(100)) }) { port, _ in
            let head = try RawConnection(port: port)
            try head.send("GET /version HTTP/1.1\r\nHo")
            #expect(try await head.readUntil("HTTP/1.1 408 "))
            let body = try RawConnection(port: port)
            try body.send("POST /apis/batch/v1/namespaces/default/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{")
            #expect(try await body.readUntil("HTTP/1.1 408 "))
            #expect(try await !body.readUntil("never"))
            // Who sends nothing at all has not begun.
            let idle = try RawConnection(port: port)
            try await Task.sleep(for: .milliseconds(200))
            try idle.send("GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await idle.readUntil("HTTP/1.1 200 "))
        }
    }

    @Test func watches() async throws {
        try await serve(change: { ($0.maximumWatches, $0.maximumWatchesOfClient) = (2, 1) }) { port, options in
            var first: RawConnection? = try RawConnection(port: port)
            try first?.send(Self.watch)
            #expect(try await first?.readUntil("\"ADDED\"") == true)
            let second = try RawConnection(port: port)
            try second.send(Self.watch)
            #expect(try await second.readUntil("Retry-After: 1\r\n"))
            let other = try RawConnection(port: port)
            try other.send(Self.watch.replacing("Host: localhost", with: "Host: localhost\r\nUser-Agent: other"))
            #expect(try await other.readUntil("\"ADDED\""))
            first = nil
            #expect(try await Self.until { Self.open("watch", options) == 1 })
            let third = try RawConnection(port: port)
            try third.send(Self.watch)
            #expect(try await third.readUntil("HTTP/1.1 200 "))
        }
    }

    @Test func connections() async throws {
        try await serve(change: { $0.maximumConnections = 1 }) { port, _ in
            let first = try RawConnection(port: port)
            try first.send("GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await first.readUntil("HTTP/1.1 200 "))
            let second = try RawConnection(port: port)
            try second.send("GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await second.readUntil("HTTP/1.1 503 "))
        }
    }

    @Test func clientsThatTakeNothing() async throws {
        try await serve(EndlessLogs(), change: { $0.stallTimeout = .milliseconds(200) }) { port, options in
            let client = try RawConnection(port: port)
            try client.send("GET /api/v1/namespaces/default/pods/j-abcde/log?follow=true HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await Self.until { Self.open("log", options) == 1 })
            #expect(try await Self.until { Self.open("log", options) == 0 })
        }
    }

    @Test func requestsAreLogged() async throws {
        let lines = LogLines()
        try await serve(logger: lines.logger) { port, _ in
            let client = try RawConnection(port: port)
            try client.send(
                "POST /apis/batch/v1/namespaces/default/jobs?x=hidden-1 HTTP/1.1\r\nHost: localhost\r\nUser-Agent: tester/1\r\nAudit-Id: mine-7\r\n"
                    + "Authorization: Bearer hidden-2\r\nContent-Length: 8\r\n\r\nhidden-3")
            #expect(try await client.readUntil("Audit-Id: mine-7\r\n"))
            let other = try RawConnection(port: port)
            try other.send("GET /version HTTP/1.1\r\nHost: localhost\r\nAudit-Id: a b\r\n\r\n")
            #expect(try await other.readUntil("Audit-Id: "))
        }
        let requests = lines.all.filter { $0.contains("request") }
        #expect(requests.count == 2 && requests.allSatisfy { $0.hasPrefix("debug") && !$0.contains("hidden") && !$0.contains("a b") })
        let post = try #require(requests.first { $0.contains("mine-7") })
        for part in ["method=POST", "path=/apis/batch/v1/namespaces/default/jobs", "code=400", "agent=tester/1", "ms="] { #expect(post.contains(part)) }
    }

    private static func open(_ verb: String, _ options: APIOptions) -> Int {
        let family = options.metrics.families.first { $0.name == "apiserver_longrunning_requests" }
        return Int(family?.samples.first { $0.labels.first?.value == verb }?.value ?? 0)
    }

    /// Waits, up to a minute, for what comes of itself.
    private static func until(_ condition: () -> Bool) async throws -> Bool {
        for _ in 0..<6000 {
            if condition() { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }
}

/// A log that never ends.
private struct EndlessLogs: LogSource {
    func logs(job: Job, pod: PodRecord, query: LogQuery) async throws -> AsyncThrowingStream<[UInt8], any Error> {
        AsyncThrowingStream(unfolding: { Array(repeating: UInt8(ascii: "x"), count: 1 << 16) })
    }
}

/// What is logged, line by line.
private final class LogLines: Sendable {
    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            lines.state.withLock { $0.append("\(event.level) \(event.message) \(fields)") }
        }
    }

    private let state = Mutex<[String]>([])
    var all: [String] { state.withLock { $0 } }
    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }
}
