import Foundation
import Testing

/// The work queues of the documentation's Job pages, each with a broker of the test's own.
@Suite(.serialized) struct JobQueueTests {
    private static let fruits = ["apple", "banana", "cherry", "date", "fig", "grape", "lemon", "melon"]

    @Test("Coarse: a message for each pod, RabbitMQ", .enabled(if: RabbitMQ.isInstalled, "needs Debian's rabbitmq-server and amqp-tools, and root"))
    func coarse() async throws {
        let broker = try await RabbitMQ()
        defer { broker.end() }
        try await broker.send(Self.fruits, to: "job1")
        let scratch = try Scratch()
        let job = try JobPage.text("coarse-queue").replacing("BROKER}", with: broker.url + "}")
        let result = try await Drover.run(["run", "-f", try scratch.write("job.yaml", job)])
        #expect(result.status == 0 && result.errors.contains("8/8"), "\(result)")
        #expect(result.lines.sorted() == Self.fruits.map { "Processing " + $0 }, "\(result)")
    }

    @Test("Fine: pods take items until there are none, Redis") func fine() async throws {
        let scratch = try Scratch(), socket = scratch.path("s")
        let redis = try Command("/usr/bin/env", ["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--dir", scratch.root])
        defer { redis.end() }
        #expect(await wait(seconds: 30) { FileManager.default.fileExists(atPath: socket) }, "\(redis.output)")
        let items = Self.fruits + ["orange"]
        let filled = try await Command("/usr/bin/env", ["redis-cli", "-s", socket, "RPUSH", "job2"] + items).finish(limit: 30)
        #expect(filled.status == 0, "\(filled)")
        let job = try JobPage.text("fine-queue").replacing("SOCKET}", with: socket + "}")
        let result = try await Drover.run(["run", "-f", try scratch.write("job.yaml", job)])
        #expect(result.status == 0, "\(result)")
        #expect(result.lines.filter { $0.hasPrefix("Working on ") }.sorted() == items.map { "Working on " + $0 }, "\(result)")
        #expect(result.lines.filter { $0 == "Queue empty, exiting" }.count == 2, "\(result)")
        #expect(result.lines.filter { $0.hasPrefix("Worker with sessionID: ") }.count == 2, "\(result)")
    }
}

/// A RabbitMQ broker of the test's own; all that it starts is in a process namespace that ends with it.
struct RabbitMQ {
    private static let server = "/usr/lib/rabbitmq/bin/rabbitmq-server"
    static let isInstalled = geteuid() == 0 && [server, "/usr/bin/amqp-consume"].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

    let url: String
    private let scratch: Scratch
    private let command: Command

    init() async throws {
        scratch = try Scratch()
        let ports = FreePort.some(3)
        url = "amqp://guest:guest@127.0.0.1:\(ports[0])"
        var environment = [
            "HOME": scratch.root, "RABBITMQ_NODENAME": "drover\(ports[0])@localhost", "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1", "RABBITMQ_NODE_PORT": String(ports[0]),
            "RABBITMQ_DIST_PORT": String(ports[1]), "ERL_EPMD_PORT": String(ports[2]), "ERL_EPMD_ADDRESS": "127.0.0.1",
        ]
        for name in ["MNESIA_BASE", "LOG_BASE"] { environment["RABBITMQ_" + name] = scratch.root }
        for name in ["ENABLED_PLUGINS_FILE", "CONFIG_FILE", "CONF_ENV_FILE", "PID_FILE"] { environment["RABBITMQ_" + name] = scratch.path(name) }
        command = try Command("/usr/bin/unshare", ["--pid", "--fork", "--kill-child", "--mount-proc", Self.server], environment: environment)
        let url = url
        let isReady = try await wait(seconds: 300) { try await Self.run("amqp-declare-queue", ["--url=" + url, "-d", "-q", "job1"]).status == 0 }
        #expect(isReady, "\(command.output.suffix(3000)) \(command.errors)")
    }

    func send(_ messages: [String], to queue: String) async throws {
        for message in messages {
            let sent = try await Self.run("amqp-publish", ["--url=" + url, "-r", queue, "-p", "-b", message])
            #expect(sent.status == 0, "\(sent)")
        }
    }

    private static func run(_ program: String, _ arguments: [String]) async throws -> Drover.Result {
        try await Command("/usr/bin/" + program, arguments).finish(limit: 30)
    }

    func end() { command.end() }
}

/// Ports that nobody listens on, below the range that the system hands to clients.
enum FreePort {
    static func some(_ count: Int) -> [Int] {
        var ports: [Int] = []
        while ports.count < count {
            let port = Int.random(in: 10_000..<32_000)
            if !ports.contains(port), isFree(port) { ports.append(port) }
        }
        return ports
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        (address.sin_family, address.sin_port, address.sin_addr.s_addr) = (sa_family_t(AF_INET), UInt16(port).bigEndian, UInt32(0x7f00_0001).bigEndian)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
        }
    }
}
