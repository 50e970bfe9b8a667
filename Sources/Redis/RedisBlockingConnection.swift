import Logging
import Synchronization

/// A connection of its own for commands that wait in the server (BLPOP, XREAD BLOCK...), one at a time.
///
/// It lives until `close()`, which must be called.
public final class RedisBlockingConnection: Sendable {
    private let connection: RedisConnection
    private let isBusy = Atomic<Bool>(false)

    /// How much longer than the command's own waiting time a reply may take before the connection is given up.
    public let margin: Duration

    /// Starts connecting; see `RedisConnection`.
    /// - Parameter margin: added to the waiting time that each call names (default 5 s).
    public init(
        address: RedisAddress, options: RedisConnection.Options = .init(), margin: Duration = .seconds(5),
        logger: Logger = Logger(label: "redis")
    ) {
        connection = RedisConnection(address: address, options: options, logger: logger)
        self.margin = margin
    }

    /// Which server this is connected to; nil while there is no connection.
    public var identity: ServerIdentity? { connection.identity }

    /// Sends a command that may wait in the server, and awaits its reply.
    ///
    /// Cancelling the task returns at once with `.cancelled` and replaces the connection, so that the server stops
    /// waiting too; what the command had taken by then is lost.
    /// - Parameters:
    ///   - command: the command, with its own waiting time among its arguments.
    ///   - timeout: that waiting time; `margin` is added to it.
    ///   - file: where the call stands, for the error.
    ///   - line: where the call stands, for the error.
    /// - Throws: `.overloaded` if another call is still waiting; else as `RedisConnection.call`.
    nonisolated(nonsending) public func call(
        _ command: RedisCommand, timeout: Duration, file: String = #fileID, line: UInt = #line
    ) async throws(RedisError) -> RedisValue {
        guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
            throw RedisError(.overloaded, "another blocking call is waiting on this connection", file: file, line: line)
        }
        defer { isBusy.store(false, ordering: .releasing) }
        do throws(RedisError) {
            return try await connection.call(command, timeout: timeout + margin, file: file, line: line)
        } catch {
            if error.mayHaveRun, error.code == .cancelled || error.code == .timedOut { connection.reset() }
            throw error
        }
    }

    /// The thread that hears replies: what goes on there after one changes no threads.
    public var executor: any TaskExecutor { connection }

    /// Ends a waiting call with `.closed`, and the connection.
    public func close() async { await connection.close() }
}
