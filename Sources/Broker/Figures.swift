/// What the whole store holds and has done, in numbers, for monitoring.
public struct StoreFigures: Sendable, Hashable {
    /// How much there is now, over all Jobs.
    public enum Level: String, Sendable, CaseIterable {
        /// Items that are neither done, nor failed, nor attempted, of Jobs that go on.
        case waiting
        /// Of those: the ones whose back-off is not over.
        case delayed
        /// Attempts that are not being deleted; of them, those that are ready.
        case active, ready
        case terminating
        /// Failed attempts without a verdict.
        case held
        case done
        /// Indexes that failed for good.
        case failed
        /// Jobs on the leader's agenda, due or not.
        case agenda
        case nodes
    }

    /// What has happened since the store began.
    public enum Count: String, Sendable, CaseIterable {
        /// Leases granted.
        case claims
        /// Reports taken, by how the attempt ended.
        case succeeded, failed, released
        /// Leases lost with their node.
        case expired
        /// Pods made for the first time, in place of failed or terminating ones, and of failed ones where only those are replaced.
        case podsNew = "pods.new", podsAgain = "pods.again", podsFailed = "pods.failed"
    }

    public var levels: [Level: Int] = [:]
    public var counts: [Count: Int] = [:]
    /// Jobs by why nothing of them may start; "" for those of which something may.
    public var gates: [String: Int] = [:]

    public init() {}

    public mutating func add(_ number: Int, to level: Level) { levels[level, default: 0] += number }
}

/// Tells a store's figures.
public protocol FigureStore: Sendable {
    /// The cost grows with the number of Jobs, in bounded steps.
    func figures() async throws(BrokerError) -> StoreFigures
}
