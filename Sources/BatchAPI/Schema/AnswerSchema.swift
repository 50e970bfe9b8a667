extension Schema {
    /// What lists, refusals and discovery documents hold.
    static let answerTypes: [String: Fields] = [
        "APIResource": [
            "categories": .list(.string), "group": .string, "kind": .string, "name": .string, "namespaced": .bool,
            "shortNames": .list(.string), "singularName": .string, "storageVersionHash": .string, "verbs": .list(.string),
            "version": .string,
        ],
        "APIResourceList": [
            "apiVersion": .string, "groupVersion": .string, "kind": .string, "resources": .list(.object("APIResource")),
        ],
        "ListMeta": [
            "continue": .string, "remainingItemCount": .int64, "resourceVersion": .string, "selfLink": .string,
            "shardInfo": .object("ShardInfo"),
        ],
        "ShardInfo": [
            "selector": .string,
        ],
        "Status": [
            "apiVersion": .string, "code": .int32, "details": .object("StatusDetails"), "kind": .string,
            "message": .string, "metadata": .object("ListMeta"), "reason": .string, "status": .string,
        ],
        "StatusCause": [
            "field": .string, "message": .string, "reason": .string,
        ],
        "StatusDetails": [
            "causes": .list(.object("StatusCause")), "group": .string, "kind": .string, "name": .string,
            "retryAfterSeconds": .int32, "uid": .string,
        ],
        "WatchEvent": [
            "object": .any, "type": .string,
        ],
    ]
}
