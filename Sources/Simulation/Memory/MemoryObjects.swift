import BatchAPI
import Broker

/// Objects that are only kept. The log of changes is the real store's alone.
extension MemoryBroker: ObjectStore, ChangeLog {
    private func key(_ resource: String, _ namespace: String, _ name: String) -> [String] { [resource, namespace, name] }

    public func objects(_ resource: String, namespace: String?) async throws(BrokerError) -> (objects: [StoredObject], version: String) {
        let found = kept.values.filter { $0.resource == resource && (namespace == nil || $0.namespace == namespace) }
        return (found.sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }, String(version))
    }

    public func object(_ resource: String, namespace: String, name: String) async throws(BrokerError) -> StoredObject? {
        kept[key(resource, namespace, name)]
    }

    public func put(_ object: StoredObject) async throws(BrokerError) -> String {
        let key = key(object.resource, object.namespace, object.name), known = kept[key]
        if object.version.isEmpty, known != nil { throw BrokerError(.alreadyExists, "EXISTS the name is taken") }
        if !object.version.isEmpty, known == nil { throw BrokerError(.notFound, "GONE no such object") }
        if let known, known.version != object.version { throw BrokerError(.conflict, "CONFLICT the object was modified") }
        var stored = object
        stored.version = nextVersion()
        stored.value["metadata"]?["resourceVersion"] = .string(stored.version)
        kept[key] = stored
        // What is written about a node decides what it may run.
        if object.resource == "nodes" {
            tell(object.name, .classes)
            spreadAnew()
        }
        return stored.version
    }

    public func remove(_ object: StoredObject) async throws(BrokerError) {
        let key = key(object.resource, object.namespace, object.name)
        guard let known = kept[key] else { throw BrokerError(.notFound, "GONE no such object") }
        if !object.version.isEmpty, known.version != object.version { throw BrokerError(.conflict, "CONFLICT the object was modified") }
        kept[key] = nil
        _ = nextVersion()
    }

    public func cordon(node: String, _ isCordoned: Bool) async throws(BrokerError) {
        members[node]?.isCordoned = isCordoned
        if !isCordoned { tell(node, .work) }
    }

    public func changes(after version: Int64, limit: Int) async throws(BrokerError) -> ChangePage {
        ChangePage(changes: [], newest: self.version, isWhole: true)
    }

    public func waitForChanges(after version: Int64, timeout: Duration) async throws(BrokerError) { await sleep(timeout) }
}
