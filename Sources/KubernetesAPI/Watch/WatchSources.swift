import BatchAPI
import Broker

/// Where a watch finds the objects of each kind.
struct WatchSources: Sendable {
    let broker: any APIStore
    let served: ServedObjects

    var all: [String: WatchSource] {
        var sources = ["jobs": jobs, "pods": pods, "nodes": nodes, "leases": leases, "namespaces": namespaces]
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
            let found = try await served.pods("")
            return (found.pods.map { PodObject.value($0, $1) }, Int64(found.resourceVersion) ?? 0)
        } one: { namespace, name in
            try await broker.pod(namespace: namespace, name: name).map { PodObject.value($0.job, $0.pod) }
        }
    }

    private var nodes: WatchSource {
        WatchSource {
            (try await served.nodes().objects, 0)
        } one: { _, name in try await served.nodes().objects.first { $0.objectName == name } }
    }

    private var leases: WatchSource {
        WatchSource {
            (try await served.leases().objects, 0)
        } one: { _, name in try await served.leases().objects.first { $0.objectName == name } }
    }

    private var namespaces: WatchSource {
        WatchSource { (try await served.namespaces().objects, 0) } one: { _, name in try await served.namespace(name) }
    }

    private func kept(_ kind: ResourceKind) -> WatchSource {
        WatchSource {
            (try await broker.kept(kind, namespace: nil).objects.map { kind.shown($0.value) }, 0)
        } one: { namespace, name in try await (broker.kept(kind, namespace: namespace, name: name)?.value).map(kind.shown) }
    }
}
