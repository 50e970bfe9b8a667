import BatchAPI
import Broker

/// Leases, nodes, and kinds that nobody makes.
extension API {
    func readLeases(_ namespace: String, _ name: String?, _ request: APIRequest) async throws -> APIResponse {
        let isThere = namespace.isEmpty || namespace == LeaseObject.namespace
        if let name, !isThere || name != LeaseObject.name { throw Self.notFound(Catalog.leases, name) }
        var leases: [Value] = []
        if isThere, let record = try await leader.leader() {
            let renewed = sightings.renewal(of: record, now: now)
            leases = [LeaseObject.value(record, renewed: renewed, duration: options.leaderLease)]
        }
        return try answer(leases, name, of: Catalog.leases, .leases, request)
    }

    func readNodes(_ name: String?, _ request: APIRequest) async throws -> APIResponse {
        return try answer(try await nodes().objects, name, of: Catalog.nodes, .nodes, request)
    }

    func readUnlisted(_ namespace: String, _ name: String?, _ kind: ResourceKind, _ request: APIRequest) throws -> APIResponse {
        let isThere = kind == Catalog.services && ["", ServiceObject.namespace].contains(namespace)
        return try answer(isThere ? [ServiceObject.value(address: options.address)] : [], name, of: kind, Self.layout(kind), request)
    }

    /// The one of a name, or those that the selectors pick.
    private func answer(
        _ objects: [Value], _ name: String?, of kind: ResourceKind, _ layout: TableLayout, _ request: APIRequest
    ) throws -> APIResponse {
        if let name {
            guard let object = objects.first(where: { $0.objectName == name }) else { throw Self.notFound(kind, name) }
            return try render(object, layout, request)
        }
        _ = try ListOptions(request.query)
        let labels = try LabelSelectorText.parse(request.query["labelSelector"])
        let fields = try FieldSelector.plain(request.query["fieldSelector"])
        let selected = objects.filter { labels?.matches($0["metadata"]?["labels"]?.stringMap ?? [:]) ?? true && fields.matches($0) }
        // These objects have no place in the store's count of changes; the newest of their own is as good.
        let version = objects.compactMap { $0["metadata"]?["resourceVersion"]?.string.flatMap { Int64($0) } }.max() ?? 1
        return try render(selected, of: kind, resourceVersion: String(version), layout, request)
    }

    private static func notFound(_ kind: ResourceKind, _ name: String) -> APIStatus {
        .notFound(resource: kind.name, group: kind.group, name: name)
    }
}
