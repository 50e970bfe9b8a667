import BatchAPI

/// An object that the store only keeps: a ConfigMap, a Secret, a namespace ...
public struct StoredObject: Sendable, Hashable {
    /// As in a path: "configmaps".
    public var resource: String
    /// "" for kinds without namespaces.
    public var namespace: String
    public var name: String
    /// The whole object; its resourceVersion is `version`.
    public var value: Value
    public var version: String

    public init(resource: String, namespace: String, name: String, value: Value, version: String = "") {
        (self.resource, self.namespace, self.name, self.value, self.version) = (resource, namespace, name, value, version)
    }
}

/// Where an object of a kind without a life of its own is looked up.
public protocol ObjectLookup: Sendable {
    func object(_ resource: String, namespace: String, name: String) async throws(BrokerError) -> StoredObject?
}

extension Value {
    /// An object with another resourceVersion.
    public func with(version: String) -> Value {
        var value = self
        value["metadata"]?["resourceVersion"] = .string(version)
        return value
    }
}

/// Objects of kinds that have no life of their own. Of "events" as many are kept, and for as long, as of those that the store notes; such a
/// one may be put and removed, too, by its version and name.
public protocol ObjectStore: ObjectLookup {
    /// Those of a namespace (nil: of all), by namespace and name, and the store's newest version.
    func objects(_ resource: String, namespace: String?) async throws(BrokerError) -> (objects: [StoredObject], version: String)
    /// Stores an object: a new one if its `version` is "", else in place of that version.
    /// - Returns: its new version.
    /// - Throws: `.alreadyExists`, `.notFound`, `.conflict`.
    func put(_ object: StoredObject) async throws(BrokerError) -> String
    /// - Throws: `.notFound`; `.conflict` unless `version` is "" or the stored one.
    func remove(_ object: StoredObject) async throws(BrokerError)
    /// A cordoned node claims nothing.
    func cordon(node: String, _ isCordoned: Bool) async throws(BrokerError)
}

/// One change of one object.
public struct Change: Sendable, Hashable {
    public enum Operation: String, Sendable { case added = "A", modified = "M", deleted = "D" }
    /// The object's version by it.
    public var version: Int64
    /// "jobs", "pods", "events", "nodes", "configmaps" ...
    public var resource: String
    public var operation: Operation
    public var namespace: String
    public var name: String
    public var uid: String

    public init(version: Int64, resource: String, operation: Operation, namespace: String, name: String, uid: String) {
        (self.version, self.resource, self.operation) = (version, resource, operation)
        (self.namespace, self.name, self.uid) = (namespace, name, uid)
    }
}

/// A part of the log.
public struct ChangePage: Sendable {
    public var changes: [Change]
    /// The newest version there is.
    public var newest: Int64
    /// Whether the log reaches back to where the page was to begin.
    public var isWhole: Bool

    public init(changes: [Change], newest: Int64, isWhole: Bool) { (self.changes, self.newest, self.isWhole) = (changes, newest, isWhole) }
}

/// The one log of all changes.
public protocol ChangeLog: Sendable {
    /// Changes after a version, oldest first.
    func changes(after version: Int64, limit: Int) async throws(BrokerError) -> ChangePage
    /// Waits until there are some or the time is over.
    func waitForChanges(after version: Int64, timeout: Duration) async throws(BrokerError)
}
