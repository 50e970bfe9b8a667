import BatchAPI
import Broker

/// ConfigMaps, Secrets and claims of manifest files, which Jobs of the same run use.
struct ManifestObjects: ObjectLookup {
    private var objects: [Key: Value] = [:]
    private static let resources = ["ConfigMap": "configmaps", "Secret": "secrets", "PersistentVolumeClaim": "persistentvolumeclaims"]

    private struct Key: Hashable {
        var resource: String
        var namespace: String
        var name: String
    }

    /// - Returns: whether the document is of such a kind; of equal names the last stands.
    mutating func take(_ document: ManifestDocument) -> Bool {
        guard let resource = Self.resources[document.kind] else { return false }
        let metadata = document.value["metadata"]
        objects[Key(resource: resource, namespace: metadata?["namespace"]?.string ?? "default", name: metadata?["name"]?.string ?? "")] = document.value
        return true
    }

    func object(_ resource: String, namespace: String, name: String) async throws(BrokerError) -> StoredObject? {
        objects[Key(resource: resource, namespace: namespace, name: name)].map {
            StoredObject(resource: resource, namespace: namespace, name: name, value: $0)
        }
    }
}
