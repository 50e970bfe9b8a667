import Broker

/// One process: its tasks, its clocks, its luck. It can be stopped, or killed, and cut off from the store.
final class SimulatedHost: Timekeeper, TaskExecutor, @unchecked Sendable {
    let name: String
    private let universe: Universe
    /// Stopped, as by SIGSTOP: its tasks get no turn.
    private(set) var isPaused = false
    /// Killed: its tasks never get a turn again.
    private(set) var isDead = false
    /// Whether its calls reach the store.
    var isLinked = true
    /// How wrong its wall clock is, in ms.
    var skew: Int64 = 0
    /// Turns that wait until it goes on.
    var held: [UnownedJob] = []
    private let jitter: Mutable<SplitMix>

    init(_ name: String, _ universe: Universe) {
        (self.name, self.universe) = (name, universe)
        jitter = Mutable(SplitMix(state: universe.random.next()))
        skew = Int64(universe.random.within(-90_000...90_000))
    }

    var isHeld: Bool { (isPaused || isDead) && !universe.isOver }

    func pause() { isPaused = true }

    func resume() {
        isPaused = false
        if !isDead { release() }
    }

    func kill() { isDead = true }

    /// Lets what was held go on.
    func release() {
        let jobs = held
        held = []
        for job in jobs { universe.enqueue(job, self) }
    }

    // MARK: TaskExecutor, Timekeeper

    func enqueue(_ job: consuming ExecutorJob) { universe.enqueue(UnownedJob(job), self) }

    var executor: (any TaskExecutor)? { self }
    var now: Duration { universe.now + .seconds(1000) }
    var wall: Int64 { SimulatedClock.start + universe.now.wholeMilliseconds + skew }
    func word() -> UInt64 { jitter.value.next() }

    func sleep(for duration: Duration) async throws {
        let nap = Nap()
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Void, any Error>) in
                if Task.isCancelled || universe.isOver {
                    universe.skip(duration)
                    return continuation.resume(throwing: CancellationError())
                }
                nap.begin(continuation, universe, duration)
            }
        } onCancel: {
            nap.cancel(universe)
        }
    }

    /// One sleep.
    private final class Nap: @unchecked Sendable {
        private var continuation: UnsafeContinuation<Void, any Error>?
        private var timer: UInt64?

        func begin(_ continuation: UnsafeContinuation<Void, any Error>, _ universe: Universe, _ duration: Duration) {
            self.continuation = continuation
            timer = universe.after(duration) { [self] in
                let sleeper = self.continuation
                self.continuation = nil
                sleeper?.resume()
            }
        }

        func cancel(_ universe: Universe) {
            if let timer { universe.cancel(timer) }
            let sleeper = continuation
            continuation = nil
            sleeper?.resume(throwing: CancellationError())
        }
    }
}

/// A value that changes inside of what does not; of the universe's one thread.
final class Mutable<Value>: @unchecked Sendable {
    var value: Value
    init(_ value: Value) { self.value = value }
}

/// The store's time.
enum SimulatedClock {
    /// 2027-01-15T08:00:00Z.
    static let start: Int64 = 1_800_000_000_000
}
