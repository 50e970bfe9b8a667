import BatchAPI

/// How a value is owned and merged: as one thing, or by its parts.
enum Shape: Sendable, Hashable {
    /// One thing: a scalar, or an object or list that is only ever replaced.
    case leaf
    /// An object of the named type, owned field by field.
    case structure(String)
    /// An object with any keys, owned key by key.
    case map(Schema.FieldType)
    /// A list of objects of the named type, owned item by item; these fields tell the items apart.
    case keyed(String, keys: [String])
    /// A list of scalars, owned item by item.
    case set

    /// The shape of a field of a type; nil if the type lacks the field.
    init?(_ field: String, of owner: String) {
        guard let shape = Shape.structure(owner).members[field] else { return nil }
        self = shape
    }

    /// The shape that a type has wherever no exception is made.
    init(_ type: Schema.FieldType) {
        switch type {
        case .object(let name): self = Self.atomicTypes.contains(name) || Schema.fields(of: name) == nil ? .leaf : .structure(name)
        case .map(let element): self = .map(element)
        case .list(.object(let element), let key?): self = .keyed(element, keys: [key])
        case .set: self = .set
        default: self = .leaf
        }
    }

    /// The shapes of the members of an object of this shape.
    var members: Members {
        switch self {
        case .structure(let type): Members(fields: Schema.fields(of: type) ?? [:], exceptions: Self.exceptions[type])
        case .map(let element): Members(element: Shape(element))
        default: Members()
        }
    }

    /// Whether this is an object with a type.
    var isStructure: Bool {
        guard case .structure = self else { return false }
        return true
    }

    /// The shape of an item of a list of this shape.
    var item: Shape {
        guard case .keyed(let type, _) = self else { return .leaf }
        return Shape(.object(type))
    }
}

extension Shape {
    fileprivate enum Exception: Sendable {
        case atomic, set
        case keyed([String])
    }

    /// What members an object has.
    struct Members: Sendable {
        fileprivate var fields: Schema.Fields = [:]
        fileprivate var exceptions: [String: Exception]?
        fileprivate var element: Shape?

        /// The shape of a member; nil if there can't be such a member.
        subscript(_ name: String) -> Shape? {
            if let element { return element }
            guard let type = fields[name] else { return nil }
            switch (exceptions?[name], type) {
            case (.atomic, _): return .leaf
            case (.set, _): return .set
            case (.keyed(let keys), .list(.object(let element), _)): return .keyed(element, keys: keys)
            default: return Shape(type)
            }
        }
    }

    /// What the published OpenAPI documents say of lists and maps (`x-kubernetes-list-type`, `-list-map-keys`, `-map-type`) and the type
    /// tables, which know strategic merge keys, do not.
    private static let exceptions: [String: [String: Exception]] = [
        "Container": ["ports": .keyed(["containerPort", "protocol"])],
        "ContainerRestartRuleOnExitCodes": ["values": .set],
        "EphemeralContainer": ["ports": .keyed(["containerPort", "protocol"])],
        "JobStatus": ["conditions": .atomic],
        "NodeAllocatableResourceClaimStatus": ["containers": .set],
        "PodFailurePolicyOnExitCodesRequirement": ["values": .set],
        "PodSpec": ["nodeSelector": .atomic, "topologySpreadConstraints": .keyed(["topologyKey", "whenUnsatisfiable"])],
        "PodStatus": ["hostIPs": .atomic],
        "ResourceRequirements": ["claims": .keyed(["name"])],
        "ResourceStatus": ["resources": .keyed(["resourceID"])],
        "UncountedTerminatedPods": ["failed": .set, "succeeded": .set],
    ]

    /// Types whose objects are only ever replaced.
    private static let atomicTypes: Set<String> = [
        "ConfigMapKeySelector", "FileKeySelector", "LabelSelector", "LocalObjectReference", "NodeSelector", "NodeSelectorTerm",
        "ObjectFieldSelector", "ObjectReference", "OwnerReference", "ResourceFieldSelector", "SecretKeySelector", "TypedLocalObjectReference",
    ]

    /// Key fields that an item may leave out.
    static let keyDefaults: [String: Value] = ["protocol": "TCP"]
}

extension Shape {
    /// The path element of an item of a list of this shape; nil if the item can't be told apart.
    func element(of item: Value) -> PathElement? {
        switch (self, item) {
        case (.keyed(_, let keys), .object(let members)):
            var key: [String: Value] = [:]
            for name in keys {
                guard let value = members[name] ?? Self.keyDefaults[name], value.isScalar else { return nil }
                key[name] = value
            }
            return .keyed(by: key)
        case (.set, _): return item.isScalar ? .item(item) : nil
        default: return nil
        }
    }
}

extension Value {
    /// Whether this is a string, number or truth value.
    var isScalar: Bool {
        switch self {
        case .string, .int, .double, .bool: true
        case .null, .array, .object: false
        }
    }

    /// Whether this is null, or an object or list without anything in it.
    var isHollow: Bool {
        switch self {
        case .null: true
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        default: false
        }
    }
}
