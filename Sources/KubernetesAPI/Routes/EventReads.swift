import BatchAPI
import Broker

extension API {
    /// Events, which only Jobs have so far (§8.1).
    func readEvents(_ namespace: String, _ name: String?, _ request: APIRequest) async throws -> APIResponse {
        let records = try await broker.events(namespace: namespace.isEmpty ? nil : namespace)
        if let name {
            guard let record = records.first(where: { $0.name == name }) else { throw APIStatus.notFound(resource: "events", group: "", name: name) }
            return try render(EventObject.value(record), .events, request)
        }
        _ = try ListOptions(request.query)
        let labels = try LabelSelectorText.parse(request.query["labelSelector"])
        let fields = try FieldSelector.events(request.query["fieldSelector"])
        let events = records.map(EventObject.value).filter { labels?.matches([:]) ?? true && fields.matches($0) }
        let version = try await broker.jobs(namespace: "").resourceVersion
        return try render(events, of: Catalog.events, resourceVersion: version, .events, request)
    }
}
