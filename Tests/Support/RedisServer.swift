import Glibc
import Logging
import Redis

/// A redis-server of the test's own, in a folder of its own under /tmp.
public final class RedisServer: @unchecked Sendable {
    public let folder: String
    private let settings: [String]
    private var process: pid_t = 0

    public var socketPath: String { "\(folder)/redis.sock" }
    public var address: RedisAddress { RedisAddress(endpoint: .unix(path: socketPath)) }

    /// - Parameter settings: more arguments of redis-server.
    public init(settings: [String] = []) {
        var template = Array("/tmp/broker-tests-XXXXXX".utf8CString)
        folder = String(cString: mkdtemp(&template))
        self.settings = settings
        start()
    }

    deinit { end() }

    /// Ends it and removes its folder.
    func end() {
        kill()
        for name in ["redis.sock", "log", "dump.rdb", "older.rdb"] { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }

    /// Starts the server again, after `kill()`.
    public func start() {
        let arguments =
            ["redis-server", "--port", "0", "--unixsocket", socketPath, "--save", "", "--dir", folder, "--logfile", "\(folder)/log"]
            + settings
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        precondition(posix_spawnp(&process, "redis-server", nil, nil, &pointers, environ) == 0, "redis-server is not installed")
    }

    /// Ends the server as kill -9 does.
    public func kill() {
        guard process != 0 else { return }
        Glibc.kill(process, SIGKILL)
        waitpid(process, nil, 0)
        process = 0
    }

    /// Keeps what SAVE has written, to come back to it.
    public func keepSaved() { rename("\(folder)/dump.rdb", "\(folder)/older.rdb") }

    /// Starts again with the kept data.
    public func rollBack() {
        kill()
        rename("\(folder)/older.rdb", "\(folder)/dump.rdb")
        start()
    }
}

extension Logger {
    /// A logger that tells only of what must not happen.
    public static var quiet: Logger {
        var logger = Logger(label: "tests")
        logger.logLevel = .critical
        return logger
    }
}
