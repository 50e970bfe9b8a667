import BatchAPI
import Broker

extension API {
    /// Follows the changes of a kind, a line each.
    func watch(_ target: ResourcePath, _ kind: ResourceKind, _ request: APIRequest) async throws -> APIResponse {
        let options = try WatchOptions(request.query)
        let feed = try feed(target, kind, request)
        let subscription = try await hub.watch(kind.name, after: options.after)
        let (lines, output) = AsyncThrowingStream.makeStream(of: [UInt8].self, bufferingPolicy: .bufferingOldest(20_000))
        let task = Task { [hub] in
            await Self.follow(subscription, feed, options, output)
            await hub.end(subscription.id)
        }
        output.onTermination = { _ in task.cancel() }
        let type = feed.representation == .table ? "application/json;as=Table;v=v1;g=meta.k8s.io" : "application/json"
        return APIResponse(code: 200, contentType: type, body: .stream(lines, endless: true))
    }

    private func feed(_ target: ResourcePath, _ kind: ResourceKind, _ request: APIRequest) throws -> WatchFeed {
        let labels = try LabelSelectorText.parse(request.query["labelSelector"])
        let fields = try Self.fieldSelector(kind, request.query["fieldSelector"])
        let name = target.name
        let included = TableLayout.Included(rawValue: request.query["includeObject"] ?? "") ?? .metadata
        let now = options.now
        return WatchFeed(
            layout: Self.layout(kind), representation: try request.representation(of: [.object, .table, .metadata]), included: included,
            apiVersion: kind.apiVersion, kind: kind.kind, namespace: target.namespace,
            matches: { object in
                if let name, object.objectName != name { return false }
                guard labels?.matches(object["metadata"]?["labels"]?.stringMap ?? [:]) ?? true else { return false }
                return fields.matches(object, of: kind)
            }, convert: kind == kind.storage ? nil : kind.shown, now: now)
    }

    /// Writes lines until the time is over, the client has gone, or the hub lets it go.
    private static func follow(
        _ subscription: WatchHub.Subscription, _ feed: WatchFeed, _ options: WatchOptions,
        _ output: AsyncThrowingStream<[UInt8], any Error>.Continuation
    ) async {
        var isFirst = true
        func tell(_ event: WatchEvent) -> Bool {
            if let after = options.after, event.version <= after { return true }
            guard let line = feed.line(event, isFirst: isFirst) else { return true }
            isFirst = false
            if case .enqueued = output.yield(line) { return true }
            return false
        }
        // The headers go out with the first part, even if nothing happens.
        output.yield([])
        for event in subscription.first where !tell(event) { return output.finish() }
        if options.sendsInitialEvents { output.yield(feed.bookmark(subscription.version, endsInitial: true)) }
        let ticks = Ticks(options.timeout, bookmarks: options.allowsBookmarks, output) { feed.bookmark($0) }
        defer { ticks.stop() }
        ticks.note(subscription.version)
        for await event in subscription.events {
            if !tell(event) { return output.finish() }
            ticks.note(event.version)
        }
        if !ticks.isOver, !Task.isCancelled { output.yield(WatchFeed.gone(.expired(ticks.version, ticks.version))) }
        output.finish()
    }

    static func layout(_ kind: ResourceKind) -> TableLayout {
        switch kind {
        case Catalog.jobs: .jobs
        case Catalog.pods: .pods
        case Catalog.events: .events
        case Catalog.newEvents: .newEvents
        case Catalog.nodes: .nodes
        case Catalog.leases: .leases
        case Catalog.namespaces: .namespaces
        default: ObjectTables.layout(kind.name)
        }
    }

    static func fieldSelector(_ kind: ResourceKind, _ text: String?) throws(APIStatus) -> FieldSelector {
        switch kind {
        case Catalog.jobs: try .jobs(text)
        case Catalog.pods: try .pods(text)
        case Catalog.events: try .events(text)
        case Catalog.newEvents: try .newEvents(text)
        case Catalog.secrets: try FieldSelector(text, supported: ["metadata.name", "metadata.namespace", "type"]) { "field label not supported: \($0)" }
        default: try .plain(text)
        }
    }
}
