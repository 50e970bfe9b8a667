import BatchAPI
import Broker

/// Objects of kinds that are only kept. Some events are not: the store notes them by itself.
extension Broker where Self: ObjectStore {
    /// Those of a namespace (nil: of all), by namespace and name, and the store's newest version.
    func kept(_ kind: ResourceKind, namespace: String?) async throws(BrokerError) -> (objects: [StoredObject], version: String) {
        var found = try await objects(kind.name, namespace: namespace)
        guard kind.storage == Catalog.events else { return found }
        let names = Set(found.objects.map(\.path))
        found.objects += try await events(namespace: namespace).map(EventObject.stored).filter { !names.contains($0.path) }
        found.objects.sort { $0.path < $1.path }
        return found
    }

    /// The one of a name.
    func kept(_ kind: ResourceKind, namespace: String, name: String) async throws(BrokerError) -> StoredObject? {
        let found = try await object(kind.name, namespace: namespace, name: name)
        guard found == nil, kind.storage == Catalog.events else { return found }
        return try await event(namespace: namespace, name: name).map(EventObject.stored)
    }
}

extension StoredObject {
    fileprivate var path: String { namespace + "/" + name }
}
