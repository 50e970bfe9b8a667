import DequeModule
import HeapModule

/// Virtual time, and the one thread on which all of a simulation runs. Nothing of it is touched from elsewhere, hence `@unchecked`.
final class Universe: @unchecked Sendable {
    private struct Timer: Comparable {
        var due: Duration
        var order: UInt64

        static func < (left: Timer, right: Timer) -> Bool { (left.due, left.order) < (right.due, right.order) }
    }

    private(set) var now = Duration.zero
    var random: SplitMix
    /// Jobs of tasks that were run.
    private(set) var turns = 0
    /// Everything is being wound up: nothing waits any more, no call is made.
    private(set) var isOver = false
    private var ready: Deque<(host: SimulatedHost, job: UnownedJob)> = []
    private var timers = Heap<Timer>()
    private var actions: [UInt64: () -> Void] = [:]
    private var order: UInt64 = 0

    init(seed: UInt64) { random = SplitMix(state: seed) }

    /// A turn for a task of that host.
    func enqueue(_ job: UnownedJob, _ host: SimulatedHost) { ready.append((host, job)) }

    /// Does something later.
    /// - Returns: by what to take it back.
    @discardableResult
    func after(_ delay: Duration, _ action: @escaping () -> Void) -> UInt64 {
        order += 1
        timers.insert(Timer(due: now + max(delay, .zero), order: order))
        actions[order] = action
        return order
    }

    /// While everything is wound up nothing waits, but time goes on for those that look at it.
    func skip(_ duration: Duration) { if isOver { now += max(duration, .zero) } }

    /// Takes back what was not done yet.
    /// - Returns: whether it was not.
    @discardableResult
    func cancel(_ id: UInt64) -> Bool { actions.removeValue(forKey: id) != nil }

    /// Goes on until `isDone`, or until there is nothing to do before `end`.
    /// - Returns: whether it is done.
    @discardableResult
    func run(until end: Duration, _ isDone: () -> Bool = { false }) -> Bool {
        while !isDone() {
            if takeTurn() { continue }
            guard let next = timers.min, next.due <= end else {
                if !isOver { now = max(now, end) }
                return isDone()
            }
            timers.removeMin()
            guard let action = actions.removeValue(forKey: next.order) else { continue }
            now = max(now, next.due)
            action()
        }
        return true
    }

    /// Whichever of those that are ready: the order of threads is nobody's promise.
    private func takeTurn() -> Bool {
        guard !ready.isEmpty else { return false }
        if ready.count > 1, random.chance(30) { ready.swapAt(0, random.below(ready.count)) }
        let (host, job) = ready.removeFirst()
        if host.isHeld {
            host.held.append(job)
        } else {
            turns += 1
            job.runSynchronously(on: host.asUnownedTaskExecutor())
        }
        return true
    }

    /// Winds everything up: timers are over at once, held tasks go on.
    func end(_ hosts: [SimulatedHost], _ body: () -> Void) {
        isOver = true
        body()
        for host in hosts { host.release() }
        run(until: .seconds(1 << 40))
    }
}

/// A small seeded generator.
public struct SplitMix: RandomNumberGenerator, Sendable {
    public var state: UInt64

    public init(state: UInt64) { self.state = state }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    public mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(count, 1))) }
    public mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }
    public mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
    public mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
    public mutating func milliseconds(_ range: ClosedRange<Int>) -> Duration { .milliseconds(within(range)) }
}
