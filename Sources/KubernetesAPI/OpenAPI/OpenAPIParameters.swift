import BatchAPI

/// What stands in the query of each kind of request.
enum OpenAPIParameters {
    static let write = ["dryRun", "fieldManager", "fieldValidation"]
    static let patch = write + ["force"]
    static let delete = ["dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy"]
    static let list = ["continue", "fieldSelector", "labelSelector", "limit", "resourceVersion", "resourceVersionMatch", "timeoutSeconds"]
    static let watch = ["allowWatchBookmarks", "sendInitialEvents", "watch"]
    static let log = [
        "container", "follow", "insecureSkipTLSVerifyBackend", "limitBytes", "previous", "sinceSeconds", "tailLines", "timestamps",
    ]

    static func query(_ names: [String]) -> Value {
        .array(names.map { name in
            var parameter: Value = ["name": .string(name), "in": "query", "schema": ["type": .string(type(name)), "uniqueItems": true]]
            parameter["description"] = texts[name].map { .string($0) }
            return parameter
        })
    }

    /// The braces in a path, and `pretty`, which every request takes.
    static func path(_ names: [String]) -> Value {
        let braces: [Value] = names.map {
            ["name": .string($0), "in": "path", "required": true, "schema": ["type": "string", "uniqueItems": true]]
        }
        return .array(braces + (query(["pretty"]).array ?? []))
    }

    private static func type(_ name: String) -> String {
        if integers.contains(name) { return "integer" }
        return booleans.contains(name) ? "boolean" : "string"
    }

    private static let integers: Set<String> = ["gracePeriodSeconds", "limit", "limitBytes", "sinceSeconds", "tailLines", "timeoutSeconds"]
    private static let booleans: Set<String> = [
        "allowWatchBookmarks", "follow", "force", "insecureSkipTLSVerifyBackend", "orphanDependents", "previous", "sendInitialEvents", "timestamps",
        "watch",
    ]

    private static let texts = [
        "dryRun": "\"All\": check and answer as if the change were made, but store nothing.",
        "fieldManager": "Who writes, for managedFields.",
        "fieldValidation": "What unknown and doubled fields do: Strict refuses, Warn warns, Ignore drops them.",
        "force": "In an apply patch: take over fields that others manage.",
    ]
}
