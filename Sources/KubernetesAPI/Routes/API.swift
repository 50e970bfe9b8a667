import BatchAPI
import Broker
import Logging

/// What the API needs of a store.
public typealias APIStore = Broker & ObjectStore & ChangeLog & FigureStore

/// The API without its transport: from requests to answers.
struct API: Sendable {
    let broker: any APIStore
    let hub: WatchHub
    let leader: any LeaderSource
    let logs: any LogSource
    let options: APIOptions
    let encoded = EncodedObjects()
    let served: ServedObjects

    init(broker: any APIStore, leader: any LeaderSource, logs: any LogSource, options: APIOptions, logger: Logger = Logger(label: "api")) {
        (self.broker, self.leader, self.logs, self.options) = (broker, leader, logs, options)
        served = ServedObjects(broker: broker, leader: leader, options: options)
        hub = WatchHub(log: broker, sources: WatchSources(broker: broker, served: served).all, logger: logger)
    }

    var now: Timestamp { options.now() }

    /// Answers a request; every error becomes a Status object.
    func answer(_ request: APIRequest) async -> APIResponse {
        do {
            return try await route(request)
        } catch {
            let target = ResourcePath(request.path)
            return .status(APIStatus(error, resource: target?.resource ?? "jobs", name: target?.name ?? ""))
        }
    }

    private func route(_ request: APIRequest) async throws -> APIResponse {
        switch request.path.first {
        case "api", "apis": return try await routeGroups(request)
        case "healthz", "livez", "metrics", "readyz", "version", "openapi", nil:
            guard request.method == .get else { throw APIStatus.methodNotAllowed }
            return try await plainPage(request)
        default: return .pageNotFound
        }
    }

    private func routeGroups(_ request: APIRequest) async throws -> APIResponse {
        guard let target = ResourcePath(request.path) else {
            guard request.method == .get else { throw APIStatus.methodNotAllowed }
            return try discovery(request)
        }
        if Self.namesItems(target) { return try await itemsRequest(target, request) }
        let kind = (Catalog.all + Catalog.unlisted).first(where: target.names)
        guard kind != nil || target.group.isEmpty || Catalog.groups.contains(target.group) else { return .pageNotFound }
        guard let kind, target.suits(kind) else { throw APIStatus.noSuchResource }
        if let name = target.subresource { return try await subresource(name, of: kind, target, request) }
        guard target.takes(request.method, kind) else { throw APIStatus.methodNotAllowed }
        return try await verb(target, kind, request)
    }

    private func verb(_ target: ResourcePath, _ kind: ResourceKind, _ request: APIRequest) async throws -> APIResponse {
        guard let verb = target.verb(request.method), kind.verbs.contains(verb) else { throw APIStatus.methodNotAllowed }
        if verb == "list" || verb == "get", request.query.flag("watch") {
            guard kind.verbs.contains("watch") else { throw APIStatus.methodNotAllowed }
            return try await watch(target, kind, request)
        }
        if verb == "list" { try await checkContinuation(request) }
        if Catalog.keptOnly.contains(kind.storage) { return try await objectRequest(verb, target, kind, request) }
        if kind == Catalog.namespaces { return try await namespaceRequest(verb, target, request) }
        if kind == Catalog.nodes, verb != "get", verb != "list" { return try await changeNode(target.name ?? "", request) }
        if verb == "get" || verb == "list" {
            return try await reading(target, kind, request)
        }
        if Catalog.reviews.contains(kind) { return try review(kind, request) }
        return try await kind == Catalog.pods ? writePods(verb, target, request) : writeJobs(verb, target, request)
    }

    private func reading(_ target: ResourcePath, _ kind: ResourceKind, _ request: APIRequest) async throws -> APIResponse {
        switch (kind, target.name) {
        case (Catalog.jobs, let name?): try await getJob(target.namespace, name, request)
        case (Catalog.jobs, nil): try await listJobs(target.namespace, request)
        case (Catalog.pods, let name?): try await getPod(target.namespace, name, request)
        case (Catalog.pods, nil): try await listPods(target.namespace, request)
        case (Catalog.leases, let name): try await readLeases(target.namespace, name, request)
        case (Catalog.nodes, let name): try await readNodes(name, request)
        case (_, let name) where Catalog.unlisted.contains(kind): try await readUnlisted(target.namespace, name, kind, request)
        default: throw APIStatus.noSuchResource
        }
    }

    private func subresource(
        _ name: String, of kind: ResourceKind, _ target: ResourcePath, _ request: APIRequest
    ) async throws -> APIResponse {
        if kind == Catalog.pods, ["attach", "exec", "portforward"].contains(name) { throw APIStatus.noStreams(name) }
        if kind == Catalog.nodes, name == "proxy" { throw APIStatus.noProxy }
        guard let subresource = kind.subresources.first(where: { $0.name == name }), let object = target.name else {
            throw APIStatus.noSuchResource
        }
        let verb = request.method == .post ? "create" : target.verb(request.method)
        guard let verb, subresource.verbs.contains(verb) else { throw APIStatus.methodNotAllowed }
        switch name {
        case "binding": return try await bindPod(target.namespace, object, request)
        case "eviction": return try await evictPod(target.namespace, object, request)
        case "status" where verb != "get":
            return try await kind == Catalog.pods
                ? writePodStatus(target.namespace, object, request) : writeJobStatus(target.namespace, object, request)
        default: break
        }
        if name == "log" { return try await podLog(target.namespace, object, request) }
        return try await reading(target, kind, request)
    }
}
