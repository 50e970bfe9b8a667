import BatchAPI

/// A node as placement sees it.
public struct PlacementNode: Sendable, Hashable {
    public var name: String
    public var labels: [String: String]
    public var taints: [Taint] = []
    /// Cordoned.
    public var isUnschedulable = false
    /// What pods may use up in all, by resource; what is not named it does not have.
    public var capacity: [String: Quantity] = [:]
    /// What it runs items with.
    public var runtimes: Set<RuntimeClass> = [.process]
    /// Images whose handlers it runs.
    public var handlers: Set<String> = []

    public init(name: String, labels: [String: String] = [:]) { (self.name, self.labels) = (name, labels) }

    /// - Parameter written: the node as clients have written it; its own labels go before theirs, their taints before its own.
    public init(name: String, labels: [String: String], offer: NodeOffer, written: Value?) {
        self.init(name: name, labels: (written?["metadata"]?["labels"]?.stringMap ?? [:]).merging(labels) { $1 })
        let spec = written?["spec"]
        taints = spec.map { ($0["taints"]?.array ?? []).map { Taint($0) } } ?? offer.taints
        isUnschedulable = spec?["unschedulable"]?.bool ?? false
        (capacity, runtimes, handlers) = (offer.capacity, offer.runtimes, offer.handlers)
    }
}

/// What a node has for pods, and asks of them, beside its labels; as it registers.
public struct NodeOffer: Sendable, Hashable {
    public var capacity: [String: Quantity] = [:]
    public var taints: [Taint] = []
    public var runtimes: Set<RuntimeClass>
    public var handlers: Set<String> = []

    public init(
        capacity: [String: Quantity] = [:], taints: [Taint] = [], runtimes: Set<RuntimeClass> = [.process], handlers: Set<String> = []
    ) {
        (self.capacity, self.taints, self.runtimes, self.handlers) = (capacity, taints, runtimes, handlers)
    }

    public var value: Value {
        [
            "capacity": .strings(capacity.mapValues(\.text)), "taints": .array(taints.map(\.object)),
            "runtimes": .strings(runtimes.map(\.rawValue).sorted()), "handlers": .strings(handlers.sorted()),
        ]
    }

    public init(_ value: Value) {
        capacity = (value["capacity"]?.object ?? [:]).compactMapValues { try? Quantity($0) }
        taints = (value["taints"]?.array ?? []).map { Taint($0) }
        runtimes = value["runtimes"].map { Set($0.strings.compactMap { RuntimeClass(rawValue: $0) }) } ?? [.process]
        handlers = Set(value["handlers"]?.strings ?? [])
    }
}
