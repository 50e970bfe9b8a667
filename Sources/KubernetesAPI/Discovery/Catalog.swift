import BatchAPI

/// A kind of object that is served, with the verbs that it has.
struct ResourceKind: Sendable, Hashable {
    struct Subresource: Sendable, Hashable {
        var name: String
        var verbs: [String]

        /// The kind of what is sent, where that is not the object itself.
        var other: (group: String, version: String, kind: String)? {
            switch name {
            case "binding": ("", "", "Binding")
            case "eviction": ("policy", "v1", "Eviction")
            default: nil
            }
        }
    }

    var group: String
    var version: String
    /// In a path, as "jobs".
    var name: String
    var singular: String
    var kind: String
    var isNamespaced: Bool
    var verbs: [String]
    var shortNames: [String] = []
    var categories: [String] = []
    var subresources: [Subresource] = []

    /// As "batch/v1", or "v1" in the core group.
    var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
}

/// All that is served. Verbs that are missing here are answered with 405.
enum Catalog {
    private static let everything = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]

    static let jobs = ResourceKind(
        group: "batch", version: "v1", name: "jobs", singular: "job", kind: "Job", isNamespaced: true,
        verbs: everything, categories: ["all"],
        subresources: [.init(name: "status", verbs: ["get", "patch", "update"])])
    static let pods = ResourceKind(
        group: "", version: "v1", name: "pods", singular: "pod", kind: "Pod", isNamespaced: true,
        verbs: everything, shortNames: ["po"], categories: ["all"],
        subresources: [
            .init(name: "binding", verbs: ["create"]), .init(name: "eviction", verbs: ["create"]), .init(name: "log", verbs: ["get"]),
            .init(name: "status", verbs: ["get", "patch", "update"]),
        ])
    static let events = kept("events", "event", "Event", ["ev"])
    /// The same objects in another form.
    static let newEvents = kept("events", "event", "Event", ["ev"], group: "events.k8s.io")
    static let nodes = ResourceKind(
        group: "", version: "v1", name: "nodes", singular: "node", kind: "Node", isNamespaced: false,
        verbs: ["get", "list", "patch", "update", "watch"], shortNames: ["no"])
    static let namespaces = ResourceKind(
        group: "", version: "v1", name: "namespaces", singular: "namespace", kind: "Namespace", isNamespaced: false,
        verbs: ["create", "delete", "get", "list", "patch", "update", "watch"], shortNames: ["ns"])
    static let leases = ResourceKind(
        group: "coordination.k8s.io", version: "v1", name: "leases", singular: "lease", kind: "Lease", isNamespaced: true,
        verbs: ["get", "list", "watch"])
    static let configMaps = kept("configmaps", "configmap", "ConfigMap", ["cm"])
    static let secrets = kept("secrets", "secret", "Secret", [])
    static let serviceAccounts = kept("serviceaccounts", "serviceaccount", "ServiceAccount", ["sa"])
    static let claims = kept("persistentvolumeclaims", "persistentvolumeclaim", "PersistentVolumeClaim", ["pvc"])

    private static func kept(_ name: String, _ singular: String, _ kind: String, _ short: [String], group: String = "") -> ResourceKind {
        ResourceKind(group: group, version: "v1", name: name, singular: singular, kind: kind, isNamespaced: true, verbs: everything, shortNames: short)
    }

    /// Kinds that have no life of their own.
    static let keptOnly = [configMaps, claims, events, secrets, serviceAccounts]

    static let all = [configMaps, events, namespaces, nodes, claims, pods, secrets, serviceAccounts, jobs, leases, newEvents] + reviews

    /// The groups besides the core group.
    static let groups = ["authentication.k8s.io", "authorization.k8s.io", "batch", "coordination.k8s.io", "events.k8s.io"]

    static func kinds(group: String) -> [ResourceKind] { all.filter { $0.group == group } }
}
