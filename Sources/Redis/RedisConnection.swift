import Logging
import Synchronization

/// One pipelined connection to Redis for any number of tasks.
///
/// A thread of its own sends and receives; it is also a task executor, and tasks that prefer it (by
/// `withTaskExecutorPreference(connection)` or `Task(executorPreference: connection)`) make calls without changing
/// threads. Work that takes long must not run there: it would hold up all calls.
///
/// It connects in the background, reconnects by itself, and lives until `close()`, which must be called.
public final class RedisConnection: RedisCaller, TaskExecutor {
    /// Only `thread`, `mailbox`, `outstanding` and `identity` are touched off the loop's thread.
    private nonisolated(unsafe) let loop: ConnectionLoop
    private let ids = Atomic<UInt64>(0)
    private let maxInFlight: Int
    private let callTimeout: Int64

    /// The server's address.
    public let address: RedisAddress

    /// Starts the thread, which begins to connect.
    /// - Parameters:
    ///   - address: the server and how to log in.
    ///   - options: time-outs, bounds and the connect hook.
    ///   - logger: told of connections made and lost.
    public init(address: RedisAddress, options: Options = Options(), logger: Logger = Logger(label: "redis")) {
        self.address = address
        maxInFlight = options.maxInFlight
        callTimeout = options.callTimeout.nanoseconds
        loop = ConnectionLoop(address: address, options: options, logger: logger)
        let started = Threads.start { [self] in loop.run(for: self) }
        if !started { fatalError("no thread could be started for a Redis connection") }
    }

    /// Which server this is connected to; nil while there is no connection or if the server does not tell.
    public var identity: ServerIdentity? { loop.identity.withLock { $0 } }

    /// Sends a command and awaits its reply; see `RedisCaller`.
    nonisolated(nonsending) public func call(
        _ command: RedisCommand, timeout: Duration? = nil, file: String = #fileID, line: UInt = #line
    ) async throws(RedisError) -> RedisValue {
        switch await perform(command, timeout: timeout, generation: 0) {
        case .success(let value): return value
        case .failure(let error): throw error.at(file, line)
        }
    }

    /// Ends all calls with `.closed` and the thread. Tasks that prefer this executor go on in the global pool.
    public func close() async {
        await withUnsafeContinuation { continuation in
            if !loop.mailbox.post({ $0.events.append(.close(continuation)) }) { continuation.resume() }
        }
    }

    /// Replaces the present connection at once; what was sent by it ends with `.connectionLost`.
    func reset() { _ = loop.mailbox.post { $0.events.append(.reset) } }

    /// Whether the caller runs on this connection's thread.
    public var isCurrent: Bool { loop.isCurrent }

    /// Looks at another descriptor, too, until closed: tasks that prefer this executor and wait for what it tells go on without a change of threads.
    /// - Parameters:
    ///   - descriptor: stays the caller's, who keeps it open.
    ///   - handler: called on the thread whenever it is readable; must not block.
    ///   - leave: called when the thread ends, or has ended: from then on it is for others to look.
    public func attend(_ descriptor: Int32, _ handler: @escaping @Sendable () -> Void, leave: @escaping @Sendable () -> Void) {
        let companion = ConnectionLoop.Companion(descriptor: descriptor, handle: handler, leave: leave)
        if !loop.mailbox.post({ $0.events.append(.attend(companion)) }) { leave() }
    }

    /// Takes a job to run on the connection's thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if loop.isCurrent { loop.jobs.append(job); return }
        if !loop.mailbox.post({ $0.jobs.append(job) }) { globalConcurrentExecutor.enqueue(job) }
    }
}

extension RedisConnection {
    /// Sends a command for the connection of this generation, or for any if it is 0.
    nonisolated(nonsending) func perform(_ command: RedisCommand, timeout: Duration?, generation: UInt64) async -> CallResult {
        if Task.isCancelled { return .failure(RedisError(.cancelled, "the task was cancelled before the command was sent")) }
        guard reserve() else { return .failure(RedisError(.overloaded, "more than \(maxInFlight) calls are outstanding")) }
        let id = ids.wrappingAdd(1, ordering: .relaxed).newValue
        let timeout = timeout?.nanoseconds ?? callTimeout
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                submit(PendingCall(id: id, command: command, timeout: timeout, generation: generation, sink: .task(continuation)))
                // A cancellation that came before the call was there to be found.
                if Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func reserve() -> Bool {
        if loop.outstanding.add(1, ordering: .relaxed).newValue <= maxInFlight { return true }
        loop.outstanding.subtract(1, ordering: .relaxed)
        return false
    }

    private func submit(_ call: PendingCall) {
        if loop.isCurrent { loop.arrivals.append(call); return }
        if !loop.mailbox.post({ $0.calls.append(call) }) {
            call.resume(.failure(RedisError(.closed, "the connection is closed")))
        }
    }

    private func cancel(_ id: UInt64) { _ = loop.mailbox.post { $0.cancelled.insert(id) } }
}
