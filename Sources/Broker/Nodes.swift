import BatchAPI

/// A worker daemon that reports for duty.
public struct NodeRegistration: Sendable, Hashable {
    public var name: String
    /// New with every start of the daemon.
    public var instance: String
    /// Tells machines apart: a namesake on another one is refused while it lives.
    public var machine: String
    public var labels: [String: String]
    public var slots: Int
    public var lease: Duration
    /// Of its host, by the names of a Node's nodeInfo, with `cpu` and `memory` as quantities: shown, nothing is decided by them.
    public var facts: [String: String]
    public var offer: NodeOffer

    public init(
        name: String, instance: String, machine: String, labels: [String: String] = [:], slots: Int, lease: Duration, facts: [String: String] = [:],
        offer: NodeOffer = NodeOffer()
    ) {
        (self.name, self.instance, self.machine) = (name, instance, machine)
        (self.labels, self.slots, self.lease, self.facts, self.offer) = (labels, slots, lease, facts, offer)
    }
}

/// A lease that a node says it holds.
public struct HeldLease: Sendable, Hashable {
    public var slot: Int
    public var job: String
    public var token: Token
    /// What a store that came back older needs to take the lease back.
    public var items: ClosedRange<Int>?
    public var pod: String
    public var podUID: String

    public init(slot: Int, _ grant: Grant) {
        (self.slot, job, token, items, pod, podUID) = (slot, grant.job, grant.token, grant.items, grant.pod, grant.podUID)
    }
}

public struct Heartbeat: Sendable, Hashable {
    public var node: String
    public var instance: String
    public var held: [HeldLease]
    /// The last call of each slot whose answer has arrived: a lease that it, or one before it, brought and that is not among `held` is not
    /// run by the node and is released. Slots that are not named here keep what they have.
    public var answered: [Int: Int64]
    /// What is free of what the node has, and how many more `pods` it could run.
    public var free: [String: Quantity]

    public init(node: String, instance: String, held: [HeldLease], answered: [Int: Int64] = [:], free: [String: Quantity] = [:]) {
        (self.node, self.instance, self.held, self.answered, self.free) = (node, instance, held, answered, free)
    }
}

public struct HeartbeatReply: Sendable, Hashable {
    /// Attempts to end: deleted, cut, or no longer this node's; and slots that are to ask.
    public var revoked: [NodeNews]

    public init(revoked: [NodeNews]) { self.revoked = revoked }
}

/// What a node is woken with.
public enum NodeNews: Sendable, Hashable {
    /// There may be work.
    case work
    /// What it may run must be looked at anew: there is a new placement class, or a client has written about the node.
    case classes
    /// End this attempt, with that many seconds of grace (P10); nil: the template's own.
    case stop(job: String, token: Token, grace: Int?)
    /// The answer to the slot's call of that number, which it has not made yet.
    case granted(slot: Int, sequence: Int64, Grant)
    /// The slot is to claim: there may be an answer that it has not heard.
    case ask(slot: Int)
    /// Somebody waits for a log of an attempt here.
    case logs(LogRequest)
}

/// A node as others see it.
public struct NodeRecord: Sendable, Hashable {
    public var name: String
    public var instance: String
    /// Counts heartbeats.
    public var renewal: Int64
    public var lease: Duration
    public var slots: Int
    public var labels: [String: String]
    /// As it registered them.
    public var facts: [String: String]
    /// As it registered it.
    public var offer = NodeOffer()
    /// What of that was free at its last heartbeat, and `pods`: how many more it could run. Empty before the first.
    public var free: [String: Quantity] = [:]
    /// The node as clients have written it; nil if they have not.
    public var written: Value?
    /// When it registered.
    public var registered: Timestamp?

    public init(
        name: String, instance: String, renewal: Int64, lease: Duration, slots: Int, labels: [String: String], facts: [String: String] = [:],
        registered: Timestamp? = nil
    ) {
        (self.name, self.instance, self.renewal) = (name, instance, renewal)
        (self.lease, self.slots, self.labels, self.facts, self.registered) = (lease, slots, labels, facts, registered)
    }
}

/// A coordinator that would lead.
public struct Candidate: Sendable, Hashable {
    public var instance: String
    public var address: String
    /// The renewal number of the present leader that has stood still for its whole lease.
    public var deadRenewal: Int64?

    public init(instance: String, address: String, deadRenewal: Int64? = nil) {
        (self.instance, self.address, self.deadRenewal) = (instance, address, deadRenewal)
    }
}

public struct LeaderRecord: Sendable, Hashable {
    public var instance: String
    public var address: String
    public var epoch: Int64
    public var renewal: Int64
    public var acquired: Timestamp
    /// The store's version by the last renewal.
    public var version: String

    public init(instance: String, address: String, epoch: Int64, renewal: Int64, acquired: Timestamp, version: String = "1") {
        (self.instance, self.address, self.epoch, self.renewal) = (instance, address, epoch, renewal)
        (self.acquired, self.version) = (acquired, version)
    }
}
