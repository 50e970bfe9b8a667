import Synchronization

/// Calls: admission, sending, replies and deadlines.
extension ConnectionLoop {
    /// Takes a call from outside. Only calls of the present connection's prologue go ahead of the others.
    func admit(_ call: PendingCall) {
        admitted += 1
        if call.generation == 0 { return pipeline.admit(call, now: now) }
        switch phase {
        case .prologue where call.generation == generation, .ready where call.generation == generation:
            pipeline.admitFirst(call, now: now)
        default:
            settle()
            call.resume(.failure(RedisError(.notSent, "the connection that this call was for has gone")))
        }
    }

    /// Sends what may be sent now.
    func flush() {
        if case .ready = phase { pipeline.fill(now: now) }
        while pipeline.output.count > 0, let socket {
            switch pipeline.output.withBytes({ socket.send($0) }) {
            case .bytes(let count): pipeline.sent(count)
            case .wouldBlock: return
            case .failed(let reason): return drop(RedisError(.connectionLost, reason))
            }
            if case .ready = phase { pipeline.fill(now: now) }
        }
    }

    /// Reads what has come and hands the replies out.
    func receive() {
        // Bounded, so that jobs and deadlines have their turn under a flood of replies.
        for _ in 0..<64 where readable {
            guard let socket else { return }
            switch socket.receive(into: buffer) {
            case .bytes(let count):
                heardAt = now
                deliver(count)
                readable = readable && count == buffer.count
            case .wouldBlock: readable = false
            case .failed(let reason): drop(RedisError(.connectionLost, reason))
            }
        }
    }

    private func deliver(_ count: Int) {
        do throws(RedisError) {
            try decoder.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            while socket != nil, let value = try decoder.next() {
                guard let call = pipeline.answered() else { throw RedisError(.unexpectedReply, "a reply that nobody asked for") }
                if case .handshake = call.sink { handshake(Self.result(value)); continue }
                settle()
                call.resume(Self.result(value))
            }
        } catch {
            drop(RedisError(.connectionLost, error.message))
        }
    }

    private static func result(_ value: RedisValue) -> CallResult {
        if case .error(let text) = value { return .failure(.reply(text)) }
        return .success(value)
    }

    /// Ends what is overdue.
    func expire() {
        if case .handshake(_, let deadline) = phase, deadline <= now {
            drop(RedisError(.connectionFailed, "\(address): no answer while logging in"))
        }
        let expiry = pipeline.expire(now: now, heardAt: heardAt)
        guard !expiry.ended.isEmpty else { return }
        settle()
        let reason = failure.map { ": \($0.message)" } ?? ""
        for ended in expiry.ended {
            let error = ended.sent
                ? RedisError(.timedOut, "no reply to \(ended.call.command.name) in time")
                : RedisError(.notSent, "\(ended.call.command.name) could not be sent in time\(reason)")
            ended.call.resume(.failure(error))
        }
        if expiry.stalled { drop(RedisError(.connectionLost, "\(address) has stopped answering")) }
    }
}

/// Ends without a reply, and the bound on calls.
extension ConnectionLoop {
    /// Gives calls the error that `error` makes of "may have left".
    func end(_ calls: [Pipeline.Ended], _ error: (Bool) -> RedisError) {
        settle()
        for ended in calls { ended.call.resume(.failure(error(ended.sent))) }
    }

    /// Ends calls whose tasks were cancelled.
    func cancel(_ ids: Set<UInt64>) {
        end(pipeline.cancel(ids)) { sent in
            let what = sent ? "after the command was sent" : "before the command was sent"
            return RedisError(.cancelled, "the task was cancelled \(what)", mayHaveRun: sent)
        }
    }

    /// Makes room for new calls in place of those that were answered or forgotten since the last time.
    /// To be done before their tasks go on, which may call again at once.
    func settle() {
        let left = admitted - pipeline.count
        guard left != settled else { return }
        outstanding.subtract(left - settled, ordering: .relaxed)
        settled = left
    }
}
