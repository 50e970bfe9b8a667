import BatchAPI
import Foundation
import Logging
import Simulation
import Testing

@testable import KubernetesAPI

/// Bytes that are no proper HTTP, over real sockets: every connection ends, nothing is answered with a 5xx, and the server goes on. Seed and
/// length as for the other requests; `DROVER_API_FUZZ_CONNECTIONS` sets how many.
@Suite(.timeLimit(.minutes(60)))
struct WireFuzzTests {
    @Test func connections() async throws {
        let seed = RequestFuzzTests.setting("DROVER_API_FUZZ_SEED") ?? UInt64.random(in: 0..<1_000_000)
        let count = Int(RequestFuzzTests.setting("DROVER_API_FUZZ_CONNECTIONS") ?? 100)
        print("fuzzing with DROVER_API_FUZZ_SEED=\(seed) DROVER_API_FUZZ_CONNECTIONS=\(count)")
        var options = APIOptions()
        (options.headTimeout, options.bodyTimeout, options.idleTimeout) = (.milliseconds(300), .milliseconds(300), .milliseconds(600))
        let broker = MemoryBroker()
        let server = APIServer(
            broker: broker, leader: FakeBroker(), logs: FakeLogs(), address: try .parse("127.0.0.1:0"), options: options,
            logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() })
        let (ports, port) = AsyncStream<Int>.makeStream()
        let serving = Task { try await server.run { port.yield($0) } }
        var listening = ports.makeAsyncIterator()
        let number = try #require(await listening.next())
        var maker = WireMaker(random: SplitMix(state: seed))
        var codes: [String: Int] = [:]
        for start in stride(from: 0, to: count, by: 16) {
            let pieces = (start..<min(start + 16, count)).map { _ in maker.connection() }
            for (code, times) in await Self.send(pieces, port: number, seed) { codes[code, default: 0] += times }
            let sane = try RawConnection(port: number)
            try sane.send("GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await sane.readUntil("HTTP/1.1 200 "), "seed \(seed): the server is gone after \(start + 16) connections")
        }
        print("fuzzing: answers by code: \(codes.sorted { $0.key < $1.key })")
        serving.cancel()
        try await serving.value
    }

    /// Sends all at once, each on a connection of its own; the codes that came back.
    private static func send(_ connections: [WireMaker.Connection], port: Int, _ seed: UInt64) async -> [String: Int] {
        await withTaskGroup(of: [String].self) { group in
            for connection in connections {
                group.addTask {
                    do {
                        let answer = try await RawConnection(port: port).exchange(connection.pieces, finishes: connection.halfCloses)
                        return codes(answer, connection, seed)
                    } catch {
                        Issue.record("seed \(seed): the connection does not end: \(error): \(connection)")
                        return []
                    }
                }
            }
            return await group.reduce(into: [:]) { codes, found in for code in found { codes[code, default: 0] += 1 } }
        }
    }

    private static func codes(_ bytes: [UInt8], _ connection: WireMaker.Connection, _ seed: UInt64) -> [String] {
        let codes = String(decoding: bytes, as: UTF8.self).components(separatedBy: "HTTP/1.1 ").dropFirst().map { String($0.prefix(3)) }
        for code in codes where code.hasPrefix("5") && code != "503" { Issue.record("seed \(seed): \(code): \(connection)") }
        return codes
    }
}

/// Makes what clients should not send.
struct WireMaker {
    struct Connection: Sendable, CustomStringConvertible {
        var pieces: [[UInt8]]
        var halfCloses: Bool
        var description: String { pieces.map { String(decoding: $0.prefix(3000), as: UTF8.self).debugDescription }.joined(separator: " + ") + (halfCloses ? " FIN" : "") }
    }

    var random: SplitMix
    private static let post = "POST /apis/batch/v1/namespaces/default/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    private static let get = "GET /apis/batch/v1/namespaces/default/jobs HTTP/1.1\r\nHost: localhost\r\n"

    private static let heads = [
        "GET / HTTP/1.1\r\n\r\n", "GET\r\n\r\n", "\r\n\r\n\r\n", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET  /  HTTP/1.1\r\n\r\n",
        "GET /version HTTP/1.0\r\n\r\n", "GET http://localhost/version HTTP/1.1\r\nHost: localhost\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n", "\u{16}\u{3}\u{1}\u{0}\u{5}hello", "GET /\u{0} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /version HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n", "GET /version HTTP/1.1\r\n Host: localhost\r\n\r\n", "GET /version HTTP/1.1\nHost: localhost\n\n",
        "GET /version HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n", "DELETE /version HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n\r\n",
        "HEAD /api HTTP/1.1\r\nHost: localhost\r\n\r\nHEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", get + "\r\n" + get + "\r\n" + get + "\r\n",
        "GET /apis/batch/v1/namespaces/default/jobs?watch=1&timeoutSeconds=1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ]
    private static let bodies = [
        "Content-Length: 10\r\n\r\n{}", "Content-Length: -1\r\n\r\n{}", "Content-Length: 99999999999999999999\r\n\r\n{}", "Content-Length: 4000000\r\n\r\n{",
        "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "Content-Length: x\r\n\r\n{}",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n",
        "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}\r\n", "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\nX: y\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n2\r\n{}{}{}\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\n{", "Transfer-Encoding: identity\r\n\r\n{}", "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        "Content-Length: 2\r\n\r\n{}GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ]

    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[Int.random(in: elements.indices, using: &random)] }
    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    mutating func connection() -> Connection {
        var bytes = Array(whole().utf8)
        if chance(40) { bytes = random.changed(bytes) }
        if chance(20) { bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))) }
        let cut = chance(30) ? Int.random(in: 0...bytes.count, using: &random) : bytes.count
        return Connection(pieces: [Array(bytes[..<cut]), Array(bytes[cut...])].filter { !$0.isEmpty }, halfCloses: chance(50))
    }

    private mutating func whole() -> String {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return Self.get + "X: " + String(repeating: "y", count: Int.random(in: 0...200_000, using: &random)) + "\r\n\r\n"
        case 1: return Self.get + (0..<Int.random(in: 0...400, using: &random)).map { "X\($0): y\r\n" }.joined() + "\r\n"
        case 2: return Self.post + "Transfer-Encoding: chunked\r\n\r\n" + (0..<500).map { _ in "1\r\n \r\n" }.joined() + "0\r\n\r\n"
        case 3: return Self.post + "Content-Length: 3500000\r\n\r\n" + String(repeating: " ", count: Int.random(in: 0...3_500_000, using: &random))
        case 4...6: return pick(Self.heads)
        default: return Self.post + pick(Self.bodies)
        }
    }
}
