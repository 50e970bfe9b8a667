import BatchAPI
import Broker

/// Which part of a container's log is wanted, as in the API's pods/log.
public struct LogQuery: Sendable, Hashable {
    public var container: String
    /// Goes on until the container has ended.
    public var follows: Bool
    /// Of the container's run before the present one.
    public var isPrevious: Bool
    /// Each line begins with the moment it was written.
    public var timestamps: Bool
    /// Only that many lines from the end.
    public var tailLines: Int?
    /// Only lines written since.
    public var since: Timestamp?
    /// At most that many bytes.
    public var limitBytes: Int?

    /// The whole log of a container.
    public init(container: String) {
        self.container = container
        (follows, isPrevious, timestamps, tailLines, since, limitBytes) = (false, false, false, nil, nil, nil)
    }
}

/// Why there is no log.
public enum LogError: Error, Sendable, Hashable {
    /// The container has no such log (any more).
    case notFound
    /// The container waits to start, for that reason ("ContainerCreating").
    case notStarted(reason: String)
    /// Whoever has the log can't be reached now; the message says who and why.
    case unavailable(String)
}

/// Where logs come from. The API server asks; who answers is the caller's business.
public protocol LogSource: Sendable {
    /// Opens a log. Returns once it is known that there is one: an error that is thrown here (best a `LogError`) becomes a proper
    /// answer, one in the stream only cuts the connection.
    ///
    /// Parts are taken one at a time as the client reads, so a stream made with `AsyncThrowingStream(unfolding:)` is held up by a slow
    /// reader and keeps nothing in memory. When the client leaves, or the server ends, the task that reads is cancelled.
    func logs(job: Job, pod: PodRecord, query: LogQuery) async throws -> AsyncThrowingStream<[UInt8], any Error>
}
