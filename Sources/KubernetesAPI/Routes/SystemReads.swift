import BatchAPI
import Broker

/// Leases, nodes, and kinds that nobody makes.
extension API {
    func readLeases(_ namespace: String, _ name: String?, _ request: APIRequest) async throws -> APIResponse {
        var leases = try await served.leases()
        if !["", LeaseObject.namespace].contains(namespace) { leases.objects = [] }
        return try answer(leases, name, of: Catalog.leases, request)
    }

    func readNodes(_ name: String?, _ request: APIRequest) async throws -> APIResponse {
        try answer(try await served.nodes(), name, of: Catalog.nodes, request)
    }

    func readUnlisted(_ namespace: String, _ name: String?, _ kind: ResourceKind, _ request: APIRequest) async throws -> APIResponse {
        let isThere = kind == Catalog.services && ["", ServiceObject.namespace].contains(namespace)
        let version = try await broker.objects(kind.name, namespace: nil).version
        return try answer((isThere ? [ServiceObject.value(address: options.address)] : [], version), name, of: kind, request)
    }

    /// The one of a name, or those that the selectors pick.
    func answer(_ list: ServedObjects.List, _ name: String?, of kind: ResourceKind, _ request: APIRequest) throws -> APIResponse {
        if let name {
            guard let object = list.objects.first(where: { $0.objectName == name }) else {
                throw APIStatus.notFound(resource: kind.name, group: kind.group, name: name)
            }
            return try render(object, Self.layout(kind), request)
        }
        _ = try ListOptions(request.query)
        let labels = try LabelSelectorText.parse(request.query["labelSelector"])
        let fields = try FieldSelector.plain(request.query["fieldSelector"])
        let selected = list.objects.filter { labels?.matches($0["metadata"]?["labels"]?.stringMap ?? [:]) ?? true && fields.matches($0) }
        return try render(selected, of: kind, resourceVersion: list.version, Self.layout(kind), request)
    }
}
