import BatchAPI
import Broker
import Redis

extension RedisBroker: ObjectStore {
    public func objects(_ resource: String, namespace: String?) async throws(BrokerError) -> (objects: [StoredObject], version: String) {
        var found: [StoredObject] = []
        var (place, newest) = ("", "")
        repeat {
            var reply = try await list("objects", [resource, namespace ?? "", place, 200])
            let version = try reply.text()
            if newest.isEmpty { newest = version }
            place = try reply.text()
            while !reply.isEmpty { found.append(Self.object(resource, try reply.text(), try reply.value(), try reply.text())) }
        } while !place.isEmpty
        return (found, newest)
    }

    private static func object(_ resource: String, _ path: String, _ value: Value, _ version: String) -> StoredObject {
        let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        return StoredObject(
            resource: resource, namespace: String(parts.first ?? ""), name: String(parts.last ?? ""), value: value.with(version: version), version: version)
    }

    public func object(_ resource: String, namespace: String, name: String) async throws(BrokerError) -> StoredObject? {
        var reply = try await list("object", [resource, namespace, name])
        if reply.isEmpty { return nil }
        return Self.object(resource, namespace + "/" + name, try reply.value(), try reply.text())
    }

    public func put(_ object: StoredObject) async throws(BrokerError) -> String {
        var value = object.value
        value["metadata"]?["resourceVersion"] = nil
        var reply = Reply([
            try await call("put_object", [object.resource, object.namespace, object.name, value.encoded(), object.version, Self.uid(object)])
        ])
        return try reply.text()
    }

    private static func uid(_ object: StoredObject) -> String { object.value["metadata"]?["uid"]?.string ?? "" }

    public func remove(_ object: StoredObject) async throws(BrokerError) {
        _ = try await call("remove_object", [object.resource, object.namespace, object.name, object.version, Self.uid(object)])
    }

    public func cordon(node: String, _ isCordoned: Bool) async throws(BrokerError) { _ = try await call("cordon", [node, isCordoned ? 1 : 0]) }
}

extension RedisBroker: ChangeLog {
    private static let resources = ["Job": "jobs", "Pod": "pods", "Event": "events", "Node": "nodes", "Lease": "leases"]

    public func changes(after version: Int64, limit: Int) async throws(BrokerError) -> ChangePage {
        var reply = try await list("changes", [String(version), limit])
        var page = ChangePage(changes: [], newest: Int64(try reply.int()), isWhole: try reply.int() == 1)
        while !reply.isEmpty {
            let number = Int64(try reply.int()), kind = try reply.text(), operation = try reply.text(), path = try reply.text(), uid = try reply.text()
            // Paths of events and nodes have another form: 'namespace/name id', 'name'.
            let parts = path.prefix { $0 != " " }.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            page.changes.append(
                Change(
                    version: number, resource: Self.resources[kind] ?? kind, operation: Change.Operation(rawValue: operation) ?? .modified,
                    namespace: parts.count > 1 ? String(parts[0]) : "", name: String(parts.last ?? ""), uid: uid))
        }
        return page
    }

    public func waitForChanges(after version: Int64, timeout: Duration) async throws(BrokerError) {
        let milliseconds = max(1, timeout.wholeMilliseconds)
        do {
            _ = try await changesWait.call(
                RedisCommand("XREAD", "COUNT", 1, "BLOCK", milliseconds, "STREAMS", "drover:{drover}:log", "\(version)-18446744073709551615"),
                timeout: timeout)
        } catch {
            throw BrokerError(error)
        }
    }
}
