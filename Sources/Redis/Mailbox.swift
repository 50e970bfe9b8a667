import Synchronization

/// What other threads have for the loop.
struct Mail {
    /// Things that happen rarely.
    enum Event: Sendable {
        /// The connector is done.
        case connected(Result<Socket, RedisError>)
        /// The owner's hook on the connection of this generation has ended.
        case prologueEnded(generation: UInt64, (any Error)?)
        /// The present connection is to be replaced at once.
        case reset
        /// Another descriptor is to be looked at.
        case attend(ConnectionLoop.Companion)
        /// The loop is to end, and to resume this when it has.
        case close(UnsafeContinuation<Void, Never>)
    }

    var calls: [PendingCall] = []
    var jobs: [UnownedJob] = []
    var cancelled: Set<UInt64> = []
    var events: [Event] = []

    var isEmpty: Bool { calls.isEmpty && jobs.isEmpty && cancelled.isEmpty && events.isEmpty }

    mutating func removeAll() {
        calls.removeAll(keepingCapacity: true)
        jobs.removeAll(keepingCapacity: true)
        if !cancelled.isEmpty { cancelled.removeAll() }
        if !events.isEmpty { events.removeAll() }
    }
}

/// Hands mail from any thread to the loop, and wakes the loop only if it said that it sleeps.
final class Mailbox: Sendable {
    private struct State {
        var mail = Mail()
        var sleeping = false
        var stopped = false
    }

    private let state = Mutex(State())
    private let wakeUp: WakeUp

    init(wakeUp: WakeUp) { self.wakeUp = wakeUp }

    /// Puts something in; false if the loop has ended and nothing was put in.
    func post(_ put: (inout Mail) -> Void) -> Bool {
        let (taken, wake) = state.withLock { state in
            if state.stopped { return (false, false) }
            put(&state.mail)
            defer { state.sleeping = false }
            return (true, state.sleeping)
        }
        if wake { wakeUp.signal() }
        return taken
    }

    /// Loop only: exchanges `mail`, which must be empty, for what has arrived.
    func take(_ mail: inout Mail) {
        state.withLock { state in
            state.sleeping = false
            swap(&state.mail, &mail)
        }
    }

    /// Loop only: says that it is about to sleep; false if there is mail, so that it must not.
    func prepareToSleep() -> Bool {
        state.withLock { state in
            state.sleeping = state.mail.isEmpty
            return state.sleeping
        }
    }

    /// Loop only: lets nothing more in and exchanges `mail` for what had arrived.
    func stop(_ mail: inout Mail) {
        state.withLock { state in
            state.stopped = true
            swap(&state.mail, &mail)
        }
    }
}
