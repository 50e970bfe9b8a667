import BatchAPI
import Broker

/// Objects that are only kept, and no log of changes.
extension FakeBroker: ObjectStore, ChangeLog, FigureStore {
    func figures() async throws(BrokerError) -> StoreFigures {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return StoreFigures()
    }


    func objects(_ resource: String, namespace: String?) async throws(BrokerError) -> (objects: [StoredObject], version: String) {
        state.withLock { state in
            let found = state.objects.values.filter { $0.resource == resource && (namespace == nil || $0.namespace == namespace) }
            return (found.sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }, String(state.version))
        }
    }

    func object(_ resource: String, namespace: String, name: String) async throws(BrokerError) -> StoredObject? {
        state.withLock { $0.objects[[resource, namespace, name]] }
    }

    func put(_ object: StoredObject) async throws(BrokerError) -> String {
        try state.withLock { state throws(BrokerError) in
            let key = [object.resource, object.namespace, object.name], known = state.objects[key]
            if object.version.isEmpty, known != nil { throw BrokerError(.alreadyExists, "taken") }
            if let known, known.version != object.version { throw BrokerError(.conflict, "modified") }
            state.version += 1
            var stored = object
            stored.version = String(state.version)
            stored.value["metadata"]?["resourceVersion"] = .string(stored.version)
            state.objects[key] = stored
            return stored.version
        }
    }

    func remove(_ object: StoredObject) async throws(BrokerError) {
        state.withLock { $0.objects[[object.resource, object.namespace, object.name]] = nil }
    }

    func cordon(node: String, _ isCordoned: Bool) async throws(BrokerError) {}
    func changes(after version: Int64, limit: Int) async throws(BrokerError) -> ChangePage {
        state.withLock { ChangePage(changes: [], newest: $0.version, isWhole: version >= $0.floor) }
    }
    func waitForChanges(after version: Int64, timeout: Duration) async throws(BrokerError) { try? await Task.sleep(for: timeout) }
}
