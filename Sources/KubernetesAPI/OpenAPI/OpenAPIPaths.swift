import BatchAPI

/// The `paths` of a document: which requests each kind takes.
enum OpenAPIPaths {
    static func paths(group: String, kinds: [ResourceKind]) -> Value {
        let root = group.isEmpty ? "/api/v1/" : "/apis/\(group)/v1/"
        var all: [String: Value] = [root: ["get": ["responses": responses("APIResourceList", codes: ["200"])]]]
        for kind in kinds { all.merge(items(root, kind), uniquingKeysWith: { $1 }) }
        return .object(all.filter { $0.value.object?.keys.contains { $0 != "parameters" } == true })
    }

    /// The types that the paths of these kinds speak of.
    static func types(_ kinds: [ResourceKind]) -> Set<String> {
        var types: Set<String> = ["APIResourceList", "DeleteOptions", "Patch", "Status", "WatchEvent"]
        for kind in kinds {
            types.insert(kind.type)
            if kind.verbs.contains("list") { types.insert("\(kind.type)List") }
            for subresource in kind.subresources { types.insert(other[subresource.name]?.kind ?? kind.type) }
        }
        return types
    }

    private static func items(_ root: String, _ kind: ResourceKind) -> [String: Value] {
        let braces = kind.isNamespaced ? ["namespace"] : []
        let collection = root + (kind.isNamespaced ? "namespaces/{namespace}/" : "") + kind.name
        var items = [collection: self.collection(kind, braces), "\(collection)/{name}": item(kind, ["name"] + braces)]
        if kind.isNamespaced, kind.verbs.contains("list") { items[root + kind.name] = ["get": list(kind), "parameters": OpenAPIParameters.path([])] }
        for subresource in kind.subresources {
            items["\(collection)/{name}/\(subresource.name)"] = self.subresource(kind, subresource, ["name"] + braces)
        }
        return items
    }

    private static func collection(_ kind: ResourceKind, _ braces: [String]) -> Value {
        var item: Value = ["parameters": OpenAPIParameters.path(braces)]
        if kind.verbs.contains("list") { item["get"] = list(kind) }
        if kind.verbs.contains("create") { item["post"] = write("post", Target(kind), codes: ["200", "201", "202"]) }
        if kind.verbs.contains("deletecollection") {
            item["delete"] = delete("deletecollection", Target(kind), OpenAPIParameters.list + OpenAPIParameters.delete)
        }
        return item
    }

    private static func item(_ kind: ResourceKind, _ braces: [String]) -> Value {
        var item = named(Target(kind), verbs: kind.verbs)
        if kind.verbs.contains("delete") { item["delete"] = delete("delete", Target(kind), OpenAPIParameters.delete) }
        item["parameters"] = OpenAPIParameters.path(braces)
        return item
    }

    private static func subresource(_ kind: ResourceKind, _ subresource: ResourceKind.Subresource, _ braces: [String]) -> Value {
        let target = other[subresource.name] ?? Target(kind)
        var item: Value = named(target, verbs: subresource.verbs)
        if subresource.verbs.contains("create") { item["post"] = write("post", target, codes: ["200", "201", "202"]) }
        if subresource.name == "log" { item["get"] = log(target) }
        item["parameters"] = OpenAPIParameters.path(braces)
        return item
    }

    private static func named(_ target: Target, verbs: [String]) -> Value {
        var item: Value = [:]
        if verbs.contains("get") { item["get"] = operation("get", target, [], responses(target.type, codes: ["200"])) }
        if verbs.contains("update") { item["put"] = write("put", target, codes: ["200", "201"]) }
        if verbs.contains("patch") { item["patch"] = patch(target) }
        return item
    }

    private static func list(_ kind: ResourceKind) -> Value {
        let query = OpenAPIParameters.list + (kind.verbs.contains("watch") ? OpenAPIParameters.watch : [])
        return operation("list", Target(kind), query, responses("\(kind.type)List", codes: ["200"]))
    }

    private static func log(_ target: Target) -> Value {
        let text: Value = ["200": ["description": "OK", "content": ["text/plain": ["schema": ["type": "string"]]]]]
        return operation("get", target, OpenAPIParameters.log, text)
    }

    private static func write(_ action: String, _ target: Target, codes: [String]) -> Value {
        var value = operation(action, target, OpenAPIParameters.write, responses(target.type, codes: codes))
        value["requestBody"] = body(target.type, ["*/*"], isRequired: true)
        return value
    }

    private static func patch(_ target: Target) -> Value {
        var value = operation("patch", target, OpenAPIParameters.patch, responses(target.type, codes: ["200", "201"]))
        let forms = ["apply-patch+yaml", "json-patch+json", "merge-patch+json", "strategic-merge-patch+json"]
        value["requestBody"] = body("Patch", forms.map { "application/\($0)" }, isRequired: true)
        return value
    }

    private static func delete(_ action: String, _ target: Target, _ query: [String]) -> Value {
        var value = operation(action, target, query, responses("Status", codes: ["200", "202"]))
        value["requestBody"] = body("DeleteOptions", ["*/*"], isRequired: false)
        return value
    }

    private static func operation(_ action: String, _ target: Target, _ query: [String], _ responses: Value) -> Value {
        [
            "x-kubernetes-action": .string(action), "x-kubernetes-group-version-kind": OpenAPIKinds.identity(target.group, target.kind),
            "parameters": OpenAPIParameters.query(query), "responses": responses,
        ]
    }

    private static func body(_ type: String, _ forms: [String], isRequired: Bool) -> Value {
        let schema: Value = ["schema": OpenAPINames.reference(type)]
        var body: Value = ["content": .object(Dictionary(uniqueKeysWithValues: forms.map { ($0, schema) }))]
        if isRequired { body["required"] = true }
        return body
    }

    private static func responses(_ type: String, codes: [String]) -> Value {
        let answer: Value = ["description": "OK", "content": ["application/json": ["schema": OpenAPINames.reference(type)]]]
        return .object(Dictionary(uniqueKeysWithValues: codes.map { ($0, answer) }))
    }

    /// What a request reads or writes.
    private struct Target {
        var group: String
        var kind: String
        var type: String

        init(_ kind: ResourceKind) { (group, self.kind, type) = (kind.group, kind.kind, kind.type) }
        init(group: String, kind: String) { (self.group, self.kind, type) = (group, kind, kind) }
    }

    /// Subresources that are written as objects of another kind.
    private static let other = ["binding": Target(group: "", kind: "Binding"), "eviction": Target(group: "policy", kind: "Eviction")]
}

extension ResourceKind {
    /// The kind's type in `Schema`.
    var type: String { OpenAPIKinds.type(kind, group: group) }
}
