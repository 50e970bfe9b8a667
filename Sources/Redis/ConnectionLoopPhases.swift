import Logging

/// The life of the connection: connecting, logging in, the owner's hook, use, loss.
extension ConnectionLoop {
    /// Starts an attempt to connect if it is time.
    func advance() {
        guard case .idle(let retryAt) = phase, retryAt <= now else { return }
        phase = .connecting
        Connector.start(address.endpoint, timeout: options.connectTimeout.nanoseconds) { [mailbox] result in
            _ = mailbox.post { $0.events.append(.connected(result)) }
        }
    }

    func handle(_ event: Mail.Event) {
        switch event {
        case .connected(.success(let socket)): logIn(on: socket)
        case .connected(.failure(let error)): drop(error)
        case .prologueEnded(let generation, let error): endPrologue(generation, error)
        case .reset: if socket != nil { drop(RedisError(.connectionLost, Self.resetMessage), retryAfter: 0) }
        case .attend(let companion): companions.append(companion)
        case .close(let continuation): closers.append(continuation)
        }
    }

    /// We did it ourselves: no news for the log.
    private static let resetMessage = "the connection was reset"

    private func logIn(on socket: Socket) {
        guard case .connecting = phase else { return }
        self.socket = socket
        generation += 1
        heardAt = now
        let handshake = Handshake(address: address, clientName: options.clientName, needsIdentity: options.onConnect != nil)
        phase = .handshake(handshake, deadline: Clock.add(options.connectTimeout.nanoseconds, to: now))
        for command in handshake.commands {
            let call = PendingCall(id: 0, command: command, timeout: .max, generation: generation, sink: .handshake)
            pipeline.admitFirst(call, now: now)
        }
        admitted += handshake.commands.count
        outstanding.add(handshake.commands.count, ordering: .relaxed)
    }

    /// Takes a reply to the handshake.
    func handshake(_ result: CallResult) {
        guard case .handshake(var handshake, let deadline) = phase else { return }
        let progress = handshake.receive(result)
        phase = .handshake(handshake, deadline: deadline)
        switch progress {
        case .more: return
        case .failed(let error): drop(error)
        case .complete(let identity):
            self.identity.withLock { $0 = identity }
            if let identity, let hook = options.onConnect { startPrologue(identity, hook) } else { becomeReady() }
        }
    }

    private func startPrologue(_ identity: ServerIdentity, _ hook: @escaping RedisConnection.ConnectHook) {
        guard let connection else { return }
        let generation = generation
        let caller = RedisPrologue(connection: connection, generation: generation)
        phase = .prologue(Task(executorPreference: connection) { [mailbox] in
            var failure: (any Error)?
            do { try await hook(identity, caller) } catch { failure = error }
            _ = mailbox.post { [failure] in $0.events.append(.prologueEnded(generation: generation, failure)) }
        })
    }

    private func endPrologue(_ generation: UInt64, _ error: (any Error)?) {
        guard case .prologue = phase, generation == self.generation else { return }
        guard let error else { return becomeReady() }
        drop(RedisError(.connectionFailed, "the connection was refused by its owner: \(error)"))
    }

    private func becomeReady() {
        phase = .ready
        backoff.reset()
        failure = nil
        logger.debug("connected to Redis", metadata: ["address": "\(address)"])
    }

    /// Gives the connection up, ends the calls that may have left by it, and plans the next attempt.
    /// - Parameter retryAfter: nanoseconds; by default what the back-off says.
    func drop(_ error: RedisError, retryAfter: Int64? = nil) {
        if case .prologue(let task) = phase { task.cancel() }
        report(error)
        socket = nil
        readable = false
        decoder = ReplyDecoder()
        identity.withLock { $0 = nil }
        failure = error
        end(pipeline.connectionBroke()) { sent in Self.loss(error, sent: sent) }
        if Self.concernsAll(error) { end(pipeline.refuseWaiting()) { _ in error } }
        var random = SystemRandomNumberGenerator()
        phase = .idle(retryAt: Clock.add(retryAfter ?? backoff.delay(using: &random), to: now))
    }

    private static func loss(_ error: RedisError, sent: Bool) -> RedisError {
        if error.code == .closed { return RedisError(.closed, error.message, mayHaveRun: sent) }
        return RedisError(sent ? .connectionLost : .notSent, error.message, serverCode: error.serverCode)
    }

    /// Whether waiting would not help: the login or the database is wrong.
    private static func concernsAll(_ error: RedisError) -> Bool {
        error.code == .authentication || (error.code == .connectionFailed && error.serverCode != nil && error.serverCode != "LOADING")
    }

    /// Logs the first failure of a row loudly, the others quietly, our own resets not at all.
    private func report(_ error: RedisError) {
        if error.code == .closed || error.message == Self.resetMessage { return }
        let level: Logger.Level = failure == nil ? .warning : .debug
        logger.log(level: level, "no connection to Redis", metadata: ["address": "\(address)", "reason": "\(error.message)"])
    }
}
