/// Time, chance and tasks as a process sees them: its host's, or a simulation's. Whatever waits or draws lots takes both from here.
public protocol Timekeeper: Sendable {
    /// Monotonic, and goes on while the host sleeps.
    var now: Duration { get }
    /// Milliseconds since 1970 by the host's own clock, which may be wrong and may jump.
    var wall: Int64 { get }
    /// Comes back after the duration; throws at once when the task is cancelled.
    func sleep(for duration: Duration) async throws
    /// 64 bits drawn by lot.
    func word() -> UInt64
    /// Runs what is spawned; nil: the common pool.
    var executor: (any TaskExecutor)? { get }
}

extension Duration {
    /// Milliseconds, what is left of one cut off.
    public var wholeMilliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}

extension Timekeeper {
    /// A task of its own that keeps to this host.
    @discardableResult
    public func spawn(_ body: sending @escaping @isolated(any) () async -> Void) -> Task<Void, Never> {
        Task(executorPreference: executor, operation: body)
    }

    /// From 0 up to, not including, 1.
    public func fraction() -> Double { Double(word() >> 11) / 9_007_199_254_740_992 }

    /// A duration between two others.
    public func duration(from least: Duration, to most: Duration) -> Duration { least + (most - least) * fraction() }

    /// Waits as long as said, also when the task is cancelled meanwhile: for what must be seen to its end.
    public func pause(for duration: Duration) async { await spawn { try? await sleep(for: duration) }.value }

    /// Asks, less and less often, until the answer is yes. False after `timeout`.
    public func poll(timeout: Duration, _ condition: () -> Bool) async -> Bool {
        let end = now + timeout
        var interval = Duration.milliseconds(1)
        while !condition() {
            if now >= end { return false }
            await pause(for: interval)
            interval = min(interval * 2, .milliseconds(50))
        }
        return true
    }
}
