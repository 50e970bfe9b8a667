import DequeModule

/// The calls of one connection, in order, with their deadlines, and the bytes on their way out; pure.
///
/// A call is *waiting* until its bytes are put into `output`, then *in flight* until its reply, in the order sent.
struct Pipeline {
    /// A call that ended without a reply, and whether a byte of it may have left.
    struct Ended {
        let call: PendingCall
        let sent: Bool
    }

    /// What a look at the deadlines found.
    struct Expiry {
        var ended: [Ended] = []
        /// The server sent nothing for the whole time of a sent call: the connection is to be dropped.
        var stalled = false
    }

    private(set) var waiting: Deque<PendingCall> = []
    private(set) var inFlight: Deque<PendingCall> = []
    private(set) var output = OutputBuffer()
    /// No deadline lies before this. Kept as a bound, not as a heap: with like time-outs it costs nothing per call.
    private(set) var nextDeadline: Int64 = .max
    /// How many bytes may be handed to the socket before the rest waits.
    private let outputLimit = 256 * 1024

    /// The number of calls not yet answered.
    var count: Int { waiting.count + inFlight.count }

    /// Takes a call, whose time runs from `now`.
    mutating func admit(_ call: PendingCall, now: Int64) {
        waiting.append(stamped(call, now))
    }

    /// Takes a call and puts it into the output at once, ahead of the waiting ones.
    mutating func admitFirst(_ call: PendingCall, now: Int64) {
        send(stamped(call, now), now)
    }

    private mutating func stamped(_ call: PendingCall, _ now: Int64) -> PendingCall {
        var call = call
        call.deadline = Clock.add(call.timeout, to: now)
        nextDeadline = min(nextDeadline, call.deadline)
        return call
    }

    /// Moves waiting calls into the output as far as there is room.
    mutating func fill(now: Int64) {
        while output.count < outputLimit, let call = waiting.popFirst() { send(call, now) }
    }

    private mutating func send(_ call: PendingCall, _ now: Int64) {
        var call = call
        call.sentAt = now
        call.offset = output.end
        output.append(call.command)
        inFlight.append(call)
    }

    /// Notes that the socket took `count` bytes of the output.
    mutating func sent(_ count: Int) { output.consume(count) }

    /// The call that the next reply belongs to.
    mutating func answered() -> PendingCall? { inFlight.popFirst() }

    private func hasLeft(_ call: PendingCall) -> Bool { call.offset < output.start }
}

extension Pipeline {
    /// Ends the calls whose deadline has passed; sent ones keep their place for the reply that may come.
    /// - Parameter heardAt: when the server last sent something.
    mutating func expire(now: Int64, heardAt: Int64) -> Expiry {
        guard now >= nextDeadline else { return Expiry() }
        nextDeadline = .max
        var expiry = Expiry()
        expireWaiting(now, &expiry)
        expireInFlight(now, heardAt, &expiry)
        return expiry
    }

    private mutating func expireWaiting(_ now: Int64, _ expiry: inout Expiry) {
        var found = false
        for call in waiting {
            if call.deadline <= now { found = true } else { nextDeadline = min(nextDeadline, call.deadline) }
        }
        guard found else { return }
        expiry.ended += waiting.filter { $0.deadline <= now }.map { Ended(call: $0, sent: false) }
        waiting.removeAll { $0.deadline <= now }
    }

    private mutating func expireInFlight(_ now: Int64, _ heardAt: Int64, _ expiry: inout Expiry) {
        for index in inFlight.indices {
            let call = inFlight[index]
            if case .nobody = call.sink { continue }
            if call.deadline > now { nextDeadline = min(nextDeadline, call.deadline); continue }
            // A byte that has not left yet may still do so, unless the whole output is dropped.
            let silent = heardAt <= call.sentAt
            if silent { expiry.stalled = true }
            expiry.ended.append(Ended(call: call, sent: !silent || hasLeft(call)))
            inFlight[index].sink = .nobody
        }
    }

    /// Ends the calls with these ids, if they are still open.
    mutating func cancel(_ ids: Set<UInt64>) -> [Ended] {
        var ended = waiting.filter { ids.contains($0.id) }.map { Ended(call: $0, sent: false) }
        if !ended.isEmpty { waiting.removeAll { ids.contains($0.id) } }
        for index in inFlight.indices where ids.contains(inFlight[index].id) {
            ended.append(Ended(call: inFlight[index], sent: true))
            inFlight[index].sink = .nobody
        }
        return ended
    }

    /// Forgets the connection: calls that may have left end, the others wait in their old order for the next one.
    mutating func connectionBroke() -> [Ended] {
        var ended: [Ended] = []
        var unsent: [PendingCall] = []
        for call in inFlight {
            let sent = hasLeft(call)
            if case .nobody = call.sink { continue }
            if sent || call.generation != 0 { ended.append(Ended(call: call, sent: sent)) } else { unsent.append(call) }
        }
        waiting.prepend(contentsOf: unsent)
        inFlight.removeAll(keepingCapacity: true)
        output = OutputBuffer()
        return ended
    }

    /// Ends the waiting calls: nothing will ever be sent for them here.
    mutating func refuseWaiting() -> [Ended] {
        let ended = waiting.map { Ended(call: $0, sent: false) }
        waiting.removeAll()
        return ended
    }
}
