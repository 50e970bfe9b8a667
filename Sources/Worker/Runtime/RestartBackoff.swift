/// The waits between a container's restarts in place (P4): none before the first, then `base`, doubled up to `maximum`; a run of ten
/// minutes starts it anew.
public struct RestartBackoff: Sendable, Hashable {
    public var base: Duration
    public var maximum: Duration

    public init(base: Duration = .seconds(10), maximum: Duration = .seconds(300)) {
        (self.base, self.maximum) = (base, maximum)
    }

    /// Counts on from `failures` ends in a row, the last after a run of `ran`.
    /// - Returns: how long to wait, and the new count.
    func next(failures: Int, ran: Duration) -> (wait: Duration, failures: Int) {
        if failures == 0 || ran >= .seconds(600) { return (.zero, 1) }
        var wait = base
        for _ in 1..<failures where wait < maximum { wait *= 2 }
        return (min(wait, maximum), failures + 1)
    }
}
