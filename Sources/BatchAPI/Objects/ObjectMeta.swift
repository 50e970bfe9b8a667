/// The `metadata` of an API object. Empty strings, maps and lists stand for absent fields.
public struct ObjectMeta: Sendable, Hashable {
    public var name: String
    /// The prefix of a name that the server completes (§1.1).
    public var generateName: String?
    public var namespace: String
    public var uid: String
    public var resourceVersion: String
    /// Grows by one with every change of the spec; 0 means not set.
    public var generation: Int
    public var creationTimestamp: Timestamp?
    /// Set once deletion was asked for.
    public var deletionTimestamp: Timestamp?
    /// The grace period granted at deletion, in seconds.
    public var deletionGracePeriodSeconds: Int?
    public var labels: [String: String]
    public var annotations: [String: String]
    /// Names that keep the object until each is removed.
    public var finalizers: [String]
    /// Owners as they came: objects with apiVersion, kind, name, uid, controller, blockOwnerDeletion.
    public var ownerReferences: [Value]
    public var managedFields: [Value]

    /// Metadata of a name in a namespace, all else empty.
    public init(name: String = "", namespace: String = "", uid: String = "") {
        self.init(.object([:]))
        self.name = name
        self.namespace = namespace
        self.uid = uid
    }

    /// Reads the object form; fields of the wrong type count as absent, unknown ones are dropped.
    public init(_ value: Value) {
        name = value["name"]?.string ?? ""
        generateName = value["generateName"]?.string
        namespace = value["namespace"]?.string ?? ""
        uid = value["uid"]?.string ?? ""
        resourceVersion = value["resourceVersion"]?.string ?? ""
        generation = value["generation"]?.int ?? 0
        creationTimestamp = value.time("creationTimestamp")
        deletionTimestamp = value.time("deletionTimestamp")
        deletionGracePeriodSeconds = value["deletionGracePeriodSeconds"]?.int
        labels = value["labels"]?.stringMap ?? [:]
        annotations = value["annotations"]?.stringMap ?? [:]
        finalizers = value["finalizers"]?.strings ?? []
        ownerReferences = value["ownerReferences"]?.array ?? []
        managedFields = value["managedFields"]?.array ?? []
    }

    /// The object form, without empty fields.
    public var value: Value {
        var members = Members()
        members.setUnlessEmpty("name", name)
        members.set("generateName", generateName)
        members.setUnlessEmpty("namespace", namespace)
        members.setUnlessEmpty("uid", uid)
        members.setUnlessEmpty("resourceVersion", resourceVersion)
        members.setUnlessZero("generation", generation)
        members.set("creationTimestamp", creationTimestamp)
        members.set("deletionTimestamp", deletionTimestamp)
        members.set("deletionGracePeriodSeconds", deletionGracePeriodSeconds)
        members.setUnlessEmpty("labels", labels)
        members.setUnlessEmpty("annotations", annotations)
        members.setUnlessEmpty("finalizers", finalizers.map { .string($0) })
        members.setUnlessEmpty("ownerReferences", ownerReferences)
        members.setUnlessEmpty("managedFields", managedFields)
        return members.value
    }

    /// The owner that controls this object: the reference with `controller: true`.
    public var controller: Value? { ownerReferences.first { $0["controller"]?.bool == true } }
}

extension ObjectMeta {
    /// Notes that a deletion was asked for; a finalizer says what must be done before the object goes (R91).
    public mutating func markDeleted(at time: Timestamp, finalizer: String?) {
        if deletionTimestamp == nil {
            (deletionTimestamp, deletionGracePeriodSeconds) = (time.wholeSecond, 0)
            if generation > 0 { generation += 1 }
        }
        if let finalizer, !finalizers.contains(finalizer) { finalizers.append(finalizer) }
    }
}
