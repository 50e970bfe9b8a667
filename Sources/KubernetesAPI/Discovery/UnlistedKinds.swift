/// Kinds that discovery does not name. Nobody makes any, but some programs list them unasked, as Kubernetes' own end-to-end tests do: they
/// find none instead of an error.
extension Catalog {
    static let services = absent("", "services", "service", "Service", ["get", "list"])
    static let unlisted = [
        services, absent("", "replicationcontrollers", "replicationcontroller", "ReplicationController", ["list"]),
        absent("apps", "daemonsets", "daemonset", "DaemonSet", ["list"]), absent("apps", "replicasets", "replicaset", "ReplicaSet", ["list"]),
    ]

    private static func absent(_ group: String, _ name: String, _ singular: String, _ kind: String, _ verbs: [String]) -> ResourceKind {
        ResourceKind(group: group, version: "v1", name: name, singular: singular, kind: kind, isNamespaced: true, verbs: verbs)
    }
}
