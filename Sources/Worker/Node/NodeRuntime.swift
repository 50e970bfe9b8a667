import Broker

/// What a node runs attempts with: processes of its host, or a simulation's.
package protocol NodeRuntime: Sendable {
    /// What runs the containers of one slot, one after the other.
    func slot(_ number: Int, of node: NodeContext) -> any SlotRuntime
    /// What runs the chunks of one slot; nil: this node takes none.
    func chunks(_ slot: Int, of node: NodeContext) -> (any ChunkRuntime)?
    /// The lease was renewed: what covers the attempts lets them run until then, in ms of the node's monotonic clock.
    func extend(until deadline: UInt64)
    /// What has to go on as long as the node works. Runs until cancelled.
    func attend(_ node: NodeContext) async
    /// Nothing more will run.
    func close() async
}

/// Runs the containers of one slot.
package protocol SlotRuntime {
    /// Makes ready for an attempt.
    mutating func prepare(_ attempt: Attempt) async throws(PodRefusal) -> AttemptConduct
    /// One container from start to end. When this returns nothing of it runs any more.
    mutating func runOnce(_ attempt: Attempt, restart: Int) async -> Ending
    /// The attempt is over.
    mutating func clear(_ attempt: Attempt)
}

/// How an attempt goes on when its container ends.
package struct AttemptConduct: Sendable {
    /// A failed container is started again within the attempt (P3).
    package var restartsInPlace: Bool
    /// The attempt's own deadline from its start (P9).
    package var deadline: Duration?
    /// Why it must not go on, asked now and then: it has taken more than it may. nil: nothing is limited so.
    package var excess: (@Sendable () -> String?)?
    /// Brings up to date, now and then, what it reads of others. nil: nothing can change.
    package var refresh: (@Sendable () async -> Void)?

    package init(restartsInPlace: Bool, deadline: Duration?) { (self.restartsInPlace, self.deadline) = (restartsInPlace, deadline) }
}

/// A running container, as who ends it sees it.
package protocol RunningPod: Sendable {
    var hasEnded: Bool { get }
    /// Asks it to end.
    func terminate()
    /// Ends it.
    func kill()
}
