/// What a path below /api or /apis names.
struct ResourcePath: Sendable, Hashable {
    var group: String
    var version: String
    /// "" where the path names none.
    var namespace = ""
    var resource: String
    var name: String?
    var subresource: String?

    /// Nil for paths that end at a group or version: those are discovery's.
    init?(_ path: [String]) {
        var rest = path[...]
        switch rest.popFirst() {
        case "api": group = ""
        case "apis":
            guard let name = rest.popFirst() else { return nil }
            group = name
        default: return nil
        }
        guard let version = rest.popFirst() else { return nil }
        self.version = version
        if rest.first == "namespaces", rest.count > 2 {
            namespace = rest[rest.startIndex + 1]
            rest = rest.dropFirst(2)
        }
        guard let resource = rest.popFirst() else { return nil }
        self.resource = resource
        (name, subresource) = (rest.popFirst(), rest.popFirst())
        // Deeper paths name nothing, except what a proxy would reach; no resource has this name.
        if !rest.isEmpty, subresource != "proxy" { self.resource = "" }
    }

    /// Whether it leads to objects of a kind.
    func names(_ kind: ResourceKind) -> Bool { (kind.group, kind.version, kind.name) == (group, version, resource) }

    /// Namespaced objects are named within their namespace, others without one.
    func suits(_ kind: ResourceKind) -> Bool {
        kind.isNamespaced ? name == nil || !namespace.isEmpty : namespace.isEmpty
    }

    /// Namespaced objects are made, and deleted many at once, within a namespace.
    func takes(_ method: APIRequest.Method?, _ kind: ResourceKind) -> Bool {
        !kind.isNamespaced || !namespace.isEmpty || method == .get
    }

    /// What a method does here; nil if nothing.
    func verb(_ method: APIRequest.Method?) -> String? {
        switch (method, name) {
        case (.get, nil): "list"
        case (.get, _): "get"
        case (.post, nil): "create"
        case (.put, .some): "update"
        case (.patch, .some): "patch"
        case (.delete, .some): "delete"
        case (.delete, nil): "deletecollection"
        default: nil
        }
    }
}
