/// What the guardian decides, without I/O; times are CLOCK_BOOTTIME in ms and given by the caller.
///
/// An attempt is *listed*, then either removed by the worker, or *ending*: its deadline passed or the worker is gone. An ending
/// attempt is killed again and again until the caller says that nothing of it is left, and its cgroup with it, so that a worker
/// which wakes up late finds no place to start it.
/// Once the worker is gone and the last attempt has ended, the private redis-server is ended, then the guardian itself.
public struct GuardianState: Sendable {
    /// What happened.
    public enum Event: Sendable, Equatable {
        /// The worker said so.
        case record(GuardianRecord)
        /// The worker is gone: its end of the pipe is closed.
        case closed
        /// Nothing but time passed.
        case tick
        /// Nothing of this attempt is left.
        case ended(UInt64)
        /// The redis-server is gone.
        case redisEnded
    }

    /// What the caller is to do.
    public enum Action: Sendable, Equatable {
        /// Tell the worker that this attempt is being ended: always before the first `kill`, so that who sees its end can know why.
        case tell(UInt64)
        /// Kill all of it and remove its cgroup; answer `ended` once both are done.
        case kill(GuardianAttempt)
        /// Nothing of it is left: its lease may be given back.
        case release(UInt64)
        /// End the redis-server, then answer `redisEnded`.
        case endRedis(ProcessIdentity)
        /// Remove the cgroups and exit.
        case finish
    }

    /// How long to wait before an attempt that would not go is killed again.
    public static let retryInterval: UInt64 = 5

    private enum Phase {
        case guarding, closing, endingRedis, finished
    }

    private var phase = Phase.guarding
    private var listed: [UInt64: GuardianAttempt] = [:]
    private var ending: [UInt64: (attempt: GuardianAttempt, next: UInt64)] = [:]
    private var redis: ProcessIdentity?

    /// A guardian with nothing to guard.
    public init() {}

    /// When `tick` is due; nil while there is no deadline.
    public var nextDue: UInt64? {
        let deadline = listed.values.lazy.map(\.deadline).filter { $0 > 0 }.min()
        let retry = ending.values.lazy.map(\.next).min()
        return [deadline, retry].compactMap { $0 }.min()
    }

    /// Takes an event in and says what follows from it, in this order.
    public mutating func handle(_ event: Event, now: UInt64) -> [Action] {
        switch event {
        case .record(let record): return handle(record, now: now)
        case .closed: return close(now: now)
        case .tick: return fence(now: now) + retry(now: now)
        case .ended(let id): return ended(id)
        case .redisEnded:
            phase = .finished
            return [.finish]
        }
    }

    private mutating func handle(_ record: GuardianRecord, now: UInt64) -> [Action] {
        switch record {
        case .add(let attempt): listed[attempt.id] = attempt
        // An ending attempt stays: its cgroup must go, or a late start could slip into it.
        case .remove(let id): listed[id] = nil
        case .renewAll(let deadline): for id in listed.keys { listed[id]!.deadline = deadline }
        case .redis(let process): redis = process
        case .bye: return close(now: now)
        }
        return []
    }

    private mutating func fence(now: UInt64) -> [Action] {
        let late = listed.values.filter { $0.deadline > 0 && $0.deadline <= now }
        return end(late, now: now)
    }

    private mutating func retry(now: UInt64) -> [Action] {
        kill(ending.values.filter { $0.next <= now }.map(\.attempt), now: now)
    }

    private mutating func end(_ attempts: [GuardianAttempt], now: UInt64) -> [Action] {
        for attempt in attempts { listed[attempt.id] = nil }
        return attempts.map(\.id).sorted().map { .tell($0) } + kill(attempts, now: now)
    }

    private mutating func kill(_ attempts: [GuardianAttempt], now: UInt64) -> [Action] {
        attempts.sorted { $0.id < $1.id }.map { attempt in
            ending[attempt.id] = (attempt, now + Self.retryInterval)
            return .kill(attempt)
        }
    }

    private mutating func close(now: UInt64) -> [Action] {
        guard phase == .guarding else { return [] }
        phase = .closing
        return end(Array(listed.values), now: now) + finishIfDone()
    }

    private mutating func ended(_ id: UInt64) -> [Action] {
        guard ending.removeValue(forKey: id) != nil else { return [] }
        return [.release(id)] + finishIfDone()
    }

    private mutating func finishIfDone() -> [Action] {
        guard phase == .closing, ending.isEmpty else { return [] }
        guard let redis else {
            phase = .finished
            return [.finish]
        }
        phase = .endingRedis
        return [.endRedis(redis)]
    }
}
