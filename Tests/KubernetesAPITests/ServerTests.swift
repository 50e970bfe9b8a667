import BatchAPI
import Broker
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@testable import KubernetesAPI

/// Over real sockets.
@Suite(.timeLimit(.minutes(1)))
struct ServerTests {
    private let jobs = "/apis/batch/v1/namespaces/default/jobs"

    private func server(_ broker: FakeBroker, logs: FakeLogs = FakeLogs(), change: (inout APIOptions) -> Void = { _ in }) throws -> APIServer {
        var options = APIOptions()
        change(&options)
        return APIServer(
            broker: broker, leader: broker, logs: logs, address: try .parse("127.0.0.1:0"), options: options,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test func requests() async throws {
        try await server(FakeBroker()).application().test(.live) { client in
            let created = try await client.execute(uri: jobs, method: .post, body: ByteBuffer(string: World.manifest("j")))
            #expect(created.status == .created && created.headers[.contentType] == "application/json")
            #expect(created.headers[values: .init("Warning")!].count == 1)
            let deleted = try await client.execute(uri: "\(jobs)/j", method: .delete)
            #expect(deleted.status == .ok)
            let head = try await client.execute(uri: "/version", method: .head)
            #expect(head.status == .methodNotAllowed)
            let page = try await client.execute(uri: "/version", method: .get, headers: [.origin: "http://evil.org"])
            #expect(page.status == .forbidden)
        }
    }

    @Test func largeBodies() async throws {
        try await server(FakeBroker()) { $0.maximumBodyBytes = 1000 }.application().test(.live) { client in
            let body = ByteBuffer(repeating: UInt8(ascii: " "), count: 1001)
            let answer = try await client.execute(uri: jobs, method: .post, body: body)
            #expect(answer.status == .contentTooLarge)
        }
    }

    /// Large answers are compressed for those who take it; small ones, watches and logs never.
    @Test func compression() async throws {
        let broker = FakeBroker()
        try await server(broker).application().test(.live) { client in
            let gzip: HTTPFields = [.acceptEncoding: "deflate, gzip"]
            let small = try await client.execute(uri: jobs, method: .get, headers: gzip)
            #expect(small.headers[.contentEncoding] == nil)
            let padding = "\"annotations\": {\"a\": \"\(String(repeating: "a", count: Gzip.threshold))\"},"
            let created = try await client.execute(uri: jobs, method: .post, body: ByteBuffer(string: World.manifest("j", metadata: padding)))
            #expect(created.status == .created && created.headers[.contentEncoding] == nil)
            let large = try await client.execute(uri: jobs, method: .get, headers: gzip)
            #expect(large.headers[.contentEncoding] == "gzip" && large.headers[.vary] == "Accept-Encoding" && large.body.readableBytes < 10_000)
            let plain = try await client.execute(uri: jobs, method: .get)
            #expect(try Gunzip.bytes(Array(large.body.readableBytesView)) == Array(plain.body.readableBytesView))
            let refused = try await client.execute(uri: jobs, method: .post, headers: [.contentEncoding: "gzip"], body: ByteBuffer(string: "x"))
            #expect(refused.status == .unsupportedMediaType)
        }
    }

    @Test func timeOut() async throws {
        let broker = FakeBroker()
        broker.state.withLock { $0.hangs = true }
        try await server(broker) { $0.requestTimeout = .milliseconds(50) }.application().test(.live) { client in
            let answer = try await client.execute(uri: jobs, method: .get)
            #expect(answer.status == .gatewayTimeout)
        }
    }

    @Test func endsWithItsTask() async throws {
        let broker = FakeBroker()
        let world = World()
        let job = try await world.job("j")
        let pod = world.pod(job)
        broker.state.withLock { ($0.jobs, $0.pods) = (["default/j": job], [job.metadata.uid: [pod]]) }
        let (left, leaving) = AsyncStream<Void>.makeStream()
        let (ports, port) = AsyncStream<Int>.makeStream()
        let server = try server(broker, logs: FakeLogs(left: leaving))
        let serving = Task { try await server.run { port.yield($0) } }
        var listening = ports.makeAsyncIterator()
        let number = try #require(await listening.next())
        let reader = try RawConnection(port: number)
        try reader.send("GET /api/v1/namespaces/default/pods/j-abcde/log?follow=true HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(try await reader.readUntil("c line 3\n"))
        serving.cancel()
        try await serving.value
        // The reader of the log was told to stop, and the connection is closed without the end of a whole answer.
        for await _ in left {}
        #expect(try await !reader.readUntil("0\r\n\r\n"))
    }

    @Test func takenPort() async throws {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let first = try server(FakeBroker())
        let serving = Task { try await first.run { port.yield($0) } }
        var listening = ports.makeAsyncIterator()
        let number = try #require(await listening.next())
        let second = APIServer(
            broker: FakeBroker(), leader: FakeBroker(), logs: FakeLogs(), address: try .parse("127.0.0.1:\(number)"), logger: Logger(label: "test"))
        let error = await #expect(throws: APIServer.ListenError.self) { try await second.run() }
        #expect(error?.description.contains("127.0.0.1:\(number)") == true)
        serving.cancel()
        try await serving.value
    }
}
