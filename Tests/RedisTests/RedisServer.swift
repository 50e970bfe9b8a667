import Glibc
import Logging
import Redis
import Testing

/// A redis-server of the test's own, in a folder of its own under /tmp.
final class RedisServer: @unchecked Sendable {
    let folder: String
    let port: Int
    private let settings: [String]
    private var process: pid_t = 0

    var socketPath: String { "\(folder)/redis.sock" }
    var address: RedisAddress { RedisAddress(endpoint: .unix(path: socketPath)) }

    /// Starts a server.
    /// - Parameters:
    ///   - tcp: whether it also listens on a port.
    ///   - settings: more arguments of redis-server.
    init(tcp: Bool = false, settings: [String] = []) throws {
        var template = Array("/tmp/redis-tests-XXXXXX".utf8CString)
        folder = String(cString: mkdtemp(&template))
        port = tcp ? Self.freePort() : 0
        self.settings = settings
        start()
    }

    deinit {
        kill()
        for name in ["redis.sock", "log"] { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }

    /// Starts the server again, after `kill()`.
    func start() {
        let arguments =
            ["redis-server", "--port", "\(port)", "--unixsocket", socketPath, "--save", "", "--dir", folder, "--logfile", "\(folder)/log"]
            + settings
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        precondition(posix_spawnp(&process, "redis-server", nil, nil, &pointers, environ) == 0, "redis-server is not installed")
    }

    /// Ends the server as kill -9 does.
    func kill() {
        guard process != 0 else { return }
        Glibc.kill(process, SIGKILL)
        waitpid(process, nil, 0)
        process = 0
    }

    func stop() { Glibc.kill(process, SIGSTOP) }
    func resume() { Glibc.kill(process, SIGCONT) }

    /// Below the range that the system hands to clients, so that no other test's client takes it meanwhile.
    private static func freePort() -> Int {
        while true {
            let port = Int.random(in: 10_000..<32_000)
            if isFree(port) { return port }
        }
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}

/// Runs `body` with a server and a connection to it, which is closed afterwards.
func withConnection(
    _ options: RedisConnection.Options = .init(), tcp: Bool = false, settings: [String] = [],
    address: ((RedisServer) -> RedisAddress)? = nil,
    _ body: (RedisServer, RedisConnection) async throws -> Void
) async throws {
    let server = try RedisServer(tcp: tcp, settings: settings)
    let connection = RedisConnection(address: address?(server) ?? server.address, options: options, logger: .quiet)
    do { try await body(server, connection) } catch {
        await connection.close()
        throw error
    }
    await connection.close()
}

/// The error that `body` throws, nil if it throws none.
func failure(_ body: () async throws(RedisError) -> RedisValue) async -> RedisError? {
    do {
        _ = try await body()
        return nil
    } catch { return error }
}

/// A gate that tasks wait at until it is opened.
actor Gate {
    private var isOpen = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    func open() {
        isOpen = true
        for waiter in waiters { waiter.resume() }
        waiters = []
    }

    func wait() async {
        if isOpen { return }
        await withCheckedContinuation { waiters.append($0) }
    }
}

/// Calls, and expects this reply. (`#expect` around a throwing call does not make a closure throw, Swift 6.3.)
func expect(
    _ caller: some RedisCaller, _ command: RedisCommand, _ value: RedisValue, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let reply = try await caller.call(command)
    #expect(reply == value, sourceLocation: sourceLocation)
}

extension Logger {
    /// A logger that tells only of what must not happen.
    static var quiet: Logger {
        var logger = Logger(label: "tests")
        logger.logLevel = .critical
        return logger
    }
}
