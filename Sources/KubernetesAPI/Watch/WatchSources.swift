import BatchAPI
import Broker

/// Where a watch finds the objects of each kind.
struct WatchSources: Sendable {
    let broker: any APIStore
    let options: APIOptions

    var all: [String: WatchSource] {
        var sources = ["jobs": jobs, "pods": pods, "nodes": nodes, "namespaces": namespaces]
        for kind in Catalog.keptOnly { sources[kind.name] = kept(kind) }
        return sources
    }

    private var jobs: WatchSource {
        WatchSource {
            let list = try await broker.jobs(namespace: nil)
            return (list.jobs.map(\.value), Int64(list.resourceVersion) ?? 0)
        } one: { namespace, name in try await broker.job(namespace: namespace, name: name)?.value }
    }

    private var pods: WatchSource {
        WatchSource {
            let found = try await PodScan(broker: broker).run(namespace: nil)
            return (found.pods.map { PodObject.value($0, $1) }, Int64(found.resourceVersion) ?? 0)
        } one: { namespace, name in
            try await broker.pod(namespace: namespace, name: name).map { PodObject.value($0.job, $0.pod) }
        }
    }

    private var nodes: WatchSource {
        let options = options
        @Sendable func read() async throws -> [Value] {
            let overlays = Dictionary(try await broker.objects("nodes", namespace: nil).objects.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
            return try await broker.nodes().map { NodeObject.value($0, isLost: false, version: options.version, overlay: overlays[$0.name]) }
        }
        return WatchSource { (try await read(), 0) } one: { _, name in try await read().first { $0.objectName == name } }
    }

    private var namespaces: WatchSource {
        WatchSource {
            (NamespaceObject.all + (try await broker.objects("namespaces", namespace: nil).objects.map(\.value)), 0)
        } one: { _, name in
            if let known = NamespaceObject.all.first(where: { $0.objectName == name }) { return known }
            return try await broker.object("namespaces", namespace: "", name: name)?.value
        }
    }

    private func kept(_ kind: ResourceKind) -> WatchSource {
        WatchSource {
            (try await broker.kept(kind, namespace: nil).objects.map { kind.shown($0.value) }, 0)
        } one: { namespace, name in try await (broker.kept(kind, namespace: namespace, name: name)?.value).map(kind.shown) }
    }
}
