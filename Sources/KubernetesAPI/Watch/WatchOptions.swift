import BatchAPI

/// The query options of a watch.
struct WatchOptions: Sendable {
    /// Changes after this version; nil: all that is there first.
    var after: Int64?
    var sendsInitialEvents: Bool
    var allowsBookmarks: Bool
    var timeout: Duration

    init(_ query: Query) throws(APIStatus) {
        sendsInitialEvents = query["sendInitialEvents"] != nil && query.flag("sendInitialEvents")
        let errors = Self.errors(query["resourceVersionMatch"] ?? "", isInitial: query["sendInitialEvents"] != nil)
        guard errors.isEmpty else { throw .invalid(kind: "ListOptions", group: "meta.k8s.io", name: "", errors: errors) }
        allowsBookmarks = query.flag("allowWatchBookmarks")
        let seconds = try query.number("timeoutSeconds") ?? Int.random(in: 1800...3600)
        timeout = .seconds(min(max(seconds, 1), 86_400))
        let text = query["resourceVersion"] ?? ""
        guard text.isEmpty || UInt64(text) != nil else { throw .fault("strconv.ParseUint: parsing \"\(text)\": invalid syntax") }
        after = sendsInitialEvents || text.isEmpty || text == "0" ? nil : Int64(text) ?? .max
    }

    /// What Kubernetes refuses of a watch.
    private static func errors(_ match: String, isInitial: Bool) -> [FieldError] {
        let field = "resourceVersionMatch"
        var errors: [FieldError] = []
        if !match.isEmpty {
            if !isInitial { errors.append(.forbidden(field, "\(field) is forbidden for watch unless sendInitialEvents is provided")) }
            if match != "NotOlderThan" { errors.append(.notSupported(field, match, ["NotOlderThan"])) }
        }
        if isInitial, match != "NotOlderThan" {
            errors.append(.forbidden(field, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"))
        }
        return errors
    }
}
