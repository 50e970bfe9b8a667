import BatchAPI
import Broker

/// The objects that are made from the store's records, as routes and watches show them.
struct ServedObjects: Sendable {
    let broker: any APIStore
    let leader: any LeaderSource
    let options: APIOptions
    let sightings = Sightings()

    /// Some objects, and the store's newest version at that time.
    typealias List = (objects: [Value], version: String)

    /// All nodes, by name.
    func nodes() async throws(BrokerError) -> List {
        let records = try await broker.nodes(), pulses = sightings.pulses(records)
        let written = try await broker.objects("nodes", namespace: nil)
        let overlays = Dictionary(written.objects.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        let objects = records.map { record in
            NodeObject.value(
                record, pulses[record.name] ?? .init(isLost: false, age: .zero), version: options.version, overlay: overlays[record.name], now: options.now())
        }
        return (objects, written.version)
    }

    /// All namespaces, by name.
    func namespaces() async throws(BrokerError) -> List {
        let stored = try await broker.objects("namespaces", namespace: nil)
        let names = Set(stored.objects.map(\.name))
        let all = NamespaceObject.all.filter { !names.contains($0.objectName) } + stored.objects.map(\.value)
        return (all.sorted { $0.objectName < $1.objectName }, stored.version)
    }

    /// The namespace of a name.
    func namespace(_ name: String) async throws(BrokerError) -> Value? {
        let stored = try await broker.object("namespaces", namespace: "", name: name)?.value
        return stored ?? NamespaceObject.all.first { $0.objectName == name }
    }

    /// The leadership, if somebody leads.
    func leases() async throws -> List {
        let version = try await broker.objects("leases", namespace: nil).version
        guard let record = try await leader.leader() else { return ([], version) }
        let renewed = sightings.renewal(of: record, now: options.now())
        return ([LeaseObject.value(record, renewed: renewed, duration: options.leaderLease)], version)
    }

    /// All pods of a namespace ("" for all), with their Jobs, also of those that are gone, and pods of nobody.
    func pods(_ namespace: String) async throws -> (pods: [(Job, PodRecord)], resourceVersion: String) {
        try await PodScan(broker: broker).run(namespace: namespace.isEmpty ? nil : namespace)
    }
}
