import BatchAPI

/// What is wanted of an attempt's log, as in the API's pods/log.
public struct LogRequest: Sendable, Hashable {
    /// Names the answer; new with every request.
    public var id: String
    public var job: String
    /// The pod's uid, which its log is named by.
    public var pod: String
    public var token: Token
    /// Which container; nil is the pod's first.
    public var container: String?
    /// Of the container's run before the present one.
    public var isPrevious = false
    /// Goes on until the container has ended.
    public var follows = false
    public var timestamps = false
    public var tailLines: Int?
    public var limitBytes: Int?
    /// Only lines written since, in ms since 1970.
    public var since: Int64?

    public init(id: String, job: String, pod: String, token: Token) {
        (self.id, self.job, self.pod, self.token) = (id, job, pod, token)
    }

    /// As sent to the node.
    public var value: Value {
        var members: [String: Value] = [
            "id": .string(id), "job": .string(job), "pod": .string(pod), "token": .int(token), "previous": .bool(isPrevious),
            "follow": .bool(follows), "timestamps": .bool(timestamps),
        ]
        members["container"] = container.map { .string($0) }
        members["tail"] = tailLines.map { .int(Int64($0)) }
        members["limit"] = limitBytes.map { .int(Int64($0)) }
        members["since"] = since.map { .int($0) }
        return .object(members)
    }

    public init?(_ value: Value) {
        guard let id = value["id"]?.string, let job = value["job"]?.string, let pod = value["pod"]?.string, let token = value["token"]?.int
        else { return nil }
        self.init(id: id, job: job, pod: pod, token: Token(token))
        container = value["container"]?.string
        isPrevious = value["previous"]?.bool ?? false
        follows = value["follow"]?.bool ?? false
        timestamps = value["timestamps"]?.bool ?? false
        (tailLines, limitBytes, since) = (value["tail"]?.int, value["limit"]?.int, value["since"]?.int.map { Int64($0) })
    }
}

/// A piece of the answer.
public enum LogPart: Sendable, Hashable {
    case bytes([UInt8])
    /// No log: why.
    case failed(String)
    case end
}

/// Carries logs from nodes, which open no port, to whoever asks. Bounded: a slow reader holds the node's reading up.
public protocol LogRelay: Sendable {
    /// Tells the node that somebody waits for this log.
    func ask(node: String, _ request: LogRequest) async throws(BrokerError)
    /// The next part, or nil if none came in time.
    func receive(_ id: String, timeout: Duration) async throws(BrokerError) -> LogPart?
    /// Sends a part, once there is room for it.
    /// - Returns: false if nobody waits for it any more.
    func send(_ part: LogPart, to id: String) async throws(BrokerError) -> Bool
}
