/// Classes that another node suits better. As workers pull, preferences are kept by time: such a class is asked for only a while after work was
/// heard of, when the better nodes have had their turn; what they left is then taken freely for a few seconds.
struct HeadStart {
    /// What better nodes get ahead.
    static let wait = Duration.seconds(1)
    /// How long the node asks then; longer once it was given something.
    private static let turn = Duration.milliseconds(250), wave = Duration.seconds(5)

    var classes: Set<String> = []
    private var openUntil = Duration.zero
    private var isDue = false

    /// Whether the class is left to others now.
    func withholds(_ id: String, now: Duration) -> Bool { classes.contains(id) && now >= openUntil }

    /// There may be work.
    /// - Returns: whether `begin` is to be called after `wait`.
    mutating func hear(now: Duration) -> Bool {
        if classes.isEmpty || isDue || now < openUntil { return false }
        isDue = true
        return true
    }

    /// The better nodes have had their turn.
    mutating func begin(now: Duration) { (isDue, openUntil) = (false, max(openUntil, now + Self.turn)) }

    /// Something of that class was given.
    mutating func given(_ id: String, now: Duration) { if classes.contains(id) { openUntil = max(openUntil, now + Self.wave) } }
}
