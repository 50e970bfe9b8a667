import BatchAPI
import Broker

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How the API server is set up; the defaults suit.
public struct APIOptions: Sendable {
    /// How the ledgers of Jobs that are created here work.
    public var settings = LedgerSettings()
    /// The leader's lease, as the Lease object shows it.
    public var leaderLease: Duration = .seconds(15)
    /// The program's version, shown by /version and by nodes.
    public var version = "0"
    /// A request that takes longer is answered with 504; following a log is not bounded.
    public var requestTimeout: Duration = .seconds(30)
    /// A connection without a request is closed after that long.
    public var idleTimeout: Duration = .seconds(120)
    /// Requests that still run then, once the server is told to end, are cut off.
    public var shutdownTimeout: Duration = .seconds(3)
    /// The head of a request that takes longer to arrive, from its first byte on, is answered with 408.
    public var headTimeout: Duration = .seconds(10)
    /// A body that takes longer to arrive is answered with 408.
    public var bodyTimeout: Duration = .seconds(20)
    /// A client that takes nothing of an answer for that long is cut off.
    public var stallTimeout: Duration = .seconds(30)
    /// Larger heads of requests are refused (431).
    public var maximumHeadBytes = 64 << 10
    /// A larger body is refused (413).
    public var maximumBodyBytes = 3 << 20
    /// On further connections requests are answered with 503.
    public var maximumConnections = 1024
    /// Requests to the API groups that may be under way at once, without lists, watches and followed logs; further ones are answered with
    /// 429, as are those that follow.
    public var maximumRequests = 400
    public var maximumLists = 200
    /// Watches on this server, and those of one client.
    public var maximumWatches = 800, maximumWatchesOfClient = 800
    /// Followed logs on this server, and those of one client.
    public var maximumLogs = 200, maximumLogsOfClient = 100
    /// What GET /metrics shows, beside what the store tells.
    public var metrics = MetricsRegistry()
    /// The wall clock.
    public var now: @Sendable () -> Timestamp = APIOptions.wallClock
    /// Where the server listens, as /api says it.
    var address = ""

    /// The defaults.
    public init() {}

    /// The host's time.
    public static let wallClock: @Sendable () -> Timestamp = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
