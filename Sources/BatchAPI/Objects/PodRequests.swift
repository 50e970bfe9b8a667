/// What a pod asks of its node: the sum over its containers, or what its init containers need at a time if that is more. Sidecars count
/// beside what is started after them; limits stand for requests that are not stated; the pod's own amounts go before its containers'.
public enum PodRequests {
    /// By resource; nothing that is zero.
    public static func total(_ spec: PodSpec) -> [String: Quantity] {
        var running: [String: Quantity] = [:], starting: [String: Quantity] = [:], sidecars: [String: Quantity] = [:]
        for container in spec.containers { running = sum(running, amounts(container.resources)) }
        for container in spec.initContainers {
            let own = amounts(container.resources)
            if container.restartPolicy == "Always" { (running, sidecars) = (sum(running, own), sum(sidecars, own)) }
            starting = most(starting, container.restartPolicy == "Always" ? sidecars : sum(sidecars, own))
        }
        var total = most(running, starting)
        total.merge(amounts(spec.raw.present("resources"))) { $1 }
        total = sum(total, quantities(spec.raw["overhead"]))
        return total.filter { $0.value.nanos > 0 }
    }

    private static func amounts(_ resources: Value?) -> [String: Quantity] {
        quantities(resources?["limits"]).merging(quantities(resources?["requests"])) { $1 }
    }

    private static func quantities(_ map: Value?) -> [String: Quantity] { (map?.object ?? [:]).compactMapValues { try? Quantity($0) } }

    private static func sum(_ one: [String: Quantity], _ other: [String: Quantity]) -> [String: Quantity] {
        one.merging(other) { Quantity(nanos: $0.nanos + $1.nanos, format: $0.format) }
    }

    private static func most(_ one: [String: Quantity], _ other: [String: Quantity]) -> [String: Quantity] { one.merging(other) { max($0, $1) } }
}
