/// What a call ends with.
typealias CallResult = Result<RedisValue, RedisError>

/// One command on its way: waiting, sent, or given up with its reply still to be thrown away.
struct PendingCall: Sendable {
    /// Who gets the reply.
    enum Sink: Sendable {
        /// A task.
        case task(UnsafeContinuation<CallResult, Never>)
        /// The connection's own handshake.
        case handshake
        /// Nobody: the caller has gone, the reply is thrown away in its turn.
        case nobody
    }

    let id: UInt64
    let command: RedisCommand
    /// Nanoseconds, counted from `admitted`.
    let timeout: Int64
    /// The connection that alone may carry this call; 0 for any.
    let generation: UInt64
    var sink: Sink
    var deadline: Int64 = .max
    var sentAt: Int64 = 0
    /// The place of its first byte in the stream of sent bytes.
    var offset: UInt64 = 0

    init(id: UInt64, command: RedisCommand, timeout: Int64, generation: UInt64 = 0, sink: Sink) {
        self.id = id
        self.command = command
        self.timeout = timeout
        self.generation = generation
        self.sink = sink
    }

    /// Gives the task, if there is one, its result.
    func resume(_ result: CallResult) {
        if case .task(let continuation) = sink { continuation.resume(returning: result) }
    }
}
