import Broker

/// Tells who leads.
public protocol LeaderSource: Sendable {
    /// The present leader; nil if nobody leads.
    func leader() async throws -> LeaderRecord?
}
