import BatchAPI

/// All that a pod spec says about where its pods may run. Jobs of equal terms have one placement class: a node decides once for all of them.
public struct PlacementTerms: Sendable, Hashable {
    /// The one node that may run it, as it was bound by who created it; nil: any.
    public var nodeName: String?
    public var nodeSelector: [String: String] = [:]
    /// `spec.affinity.nodeAffinity`.
    public var nodeAffinity: Value?
    public var tolerations: [Toleration] = []
    /// What a pod uses up, by resource.
    public var requests: [String: Quantity] = [:]
    /// `spec.topologySpreadConstraints`, and the labels of the pods, which the constraints select by.
    public var spread: [Value] = []
    public var labels: [String: String] = [:]
    /// `spec.runtimeClassName`; nil for processes.
    public var runtime: String?
    /// The image of the first container where it names what runs it: the runtime `handler`.
    public var handler: String?

    /// Nothing is asked for.
    public init() {}

    /// The terms of a template. Pods that agents outside place have none.
    public init(_ template: PodTemplate) {
        let spec = template.spec
        if spec.isScheduledElsewhere { return }
        nodeName = spec.nodeName.flatMap { $0.isEmpty ? nil : $0 }
        nodeSelector = spec.nodeSelector
        nodeAffinity = spec.affinity?.present("nodeAffinity").flatMap { $0 == .object([:]) ? nil : $0 }
        tolerations = spec.tolerations.map { Toleration($0) }
        requests = PodRequests.total(spec)
        spread = spec.topologySpreadConstraints
        labels = spread.isEmpty ? [:] : template.labels
        runtime = spec.runtimeClassName.flatMap { $0.isEmpty || $0 == "process" ? nil : $0 }
        if runtime == "handler" { handler = spec.containers.first?.image }
    }

    /// Whether nothing is asked for: the class ''.
    public var isEmpty: Bool { self == PlacementTerms() }
}

extension PlacementTerms {
    /// As stored: equal terms give equal text.
    public var value: Value {
        var members: [String: Value] = [:]
        members["nodeName"] = nodeName.map { .string($0) }
        if !nodeSelector.isEmpty { members["nodeSelector"] = .strings(nodeSelector) }
        members["nodeAffinity"] = nodeAffinity
        if !tolerations.isEmpty { members["tolerations"] = .array(tolerations.map(\.object)) }
        if !requests.isEmpty { members["requests"] = .strings(requests.mapValues { Quantity(nanos: $0.nanos).text }) }
        if !spread.isEmpty { (members["topologySpreadConstraints"], members["labels"]) = (.array(spread), .strings(labels)) }
        members["runtimeClassName"] = runtime.map { .string($0) }
        members["handler"] = handler.map { .string($0) }
        return .object(members)
    }

    /// As it was stored.
    public init(_ value: Value) {
        nodeName = value["nodeName"]?.string
        nodeSelector = value["nodeSelector"]?.stringMap ?? [:]
        nodeAffinity = value["nodeAffinity"]
        tolerations = (value["tolerations"]?.array ?? []).map { Toleration($0) }
        requests = (value["requests"]?.object ?? [:]).compactMapValues { try? Quantity($0) }
        spread = value["topologySpreadConstraints"]?.array ?? []
        labels = value["labels"]?.stringMap ?? [:]
        runtime = value["runtimeClassName"]?.string
        handler = value["handler"]?.string
    }

    /// What the store makes the class of; "" if nothing is asked for.
    public var text: String { isEmpty ? "" : value.encoded() }
}

/// Terms by the name that the store has given them.
public struct PlacementClass: Sendable, Hashable {
    /// "" for the class of Jobs that ask for nothing.
    public var id: String
    public var terms: PlacementTerms

    public init(id: String, terms: PlacementTerms) { (self.id, self.terms) = (id, terms) }

    /// The class of Jobs that ask for nothing.
    public static let none = PlacementClass(id: "", terms: PlacementTerms())
}

/// What a node has heard of classes, and what it asks with next.
public struct ClassPage: Sendable, Hashable {
    /// Grows, or is another one, when classes that were told are none any more: all are told anew.
    public var epoch: String
    /// Of the newest class that was told.
    public var number: Int64
    public var classes: [PlacementClass]
    /// There are more.
    public var isPart: Bool
    /// The node as clients have written it (labels, taints, whether it is cordoned); nil if they have not.
    public var written: Value?

    public init(epoch: String, number: Int64, classes: [PlacementClass], isPart: Bool, written: Value?) {
        (self.epoch, self.number, self.classes, self.isPart, self.written) = (epoch, number, classes, isPart, written)
    }
}
