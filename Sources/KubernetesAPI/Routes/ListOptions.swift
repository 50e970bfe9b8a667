import BatchAPI

/// How many objects a list holds and what else a client may ask of lists.
struct ListOptions: Sendable {
    /// The size of a page; nil for the whole list.
    var limit: Int?
    /// Where a further page begins.
    var start: ListStart?
    /// Whether only objects that a selector picks are in the list: then nobody counts the rest.
    var isSelective: Bool
    /// The list must be as new as this, or just this one; nil if any will do.
    private var version: UInt64?
    private var isExact: Bool

    /// Reads what all lists have in common. Who takes any version gets the whole list.
    init(_ query: Query) throws(APIStatus) {
        limit = try query.number("limit").flatMap { $0 > 0 && query["resourceVersion"] != "0" ? $0 : nil }
        start = try Self.start(query)
        isSelective = ["labelSelector", "fieldSelector"].contains { query[$0] ?? "" != "" }
        let text = query["resourceVersion"] ?? ""
        (version, isExact) = (UInt64(text), query["resourceVersionMatch"] == "Exact")
        if !text.isEmpty, version == nil {
            throw .badRequest(
                "invalid resource version: resourceVersion: Invalid value: \"\(text)\": strconv.ParseUint: parsing \"\(text)\": invalid syntax")
        }
        let errors = Self.errors(query)
        guard errors.isEmpty else { throw .invalid(kind: "ListOptions", group: "meta.k8s.io", name: "", errors: errors) }
    }

    private static func start(_ query: Query) throws(APIStatus) -> ListStart? {
        guard let token = query["continue"], !token.isEmpty else { return nil }
        guard ["", "0"].contains(query["resourceVersion"] ?? "") else {
            throw .badRequest("specifying resource version is not allowed when using continue")
        }
        return try ListStart(token: token)
    }

    /// What Kubernetes refuses of a list.
    private static func errors(_ query: Query) -> [FieldError] {
        func forbidden(_ detail: String) -> FieldError { .forbidden("resourceVersionMatch", "resourceVersionMatch \(detail)") }
        var errors: [FieldError] = []
        if let match = query["resourceVersionMatch"], !match.isEmpty {
            if query["resourceVersion"] ?? "" == "" { errors.append(forbidden("is forbidden unless resourceVersion is provided")) }
            if query["continue"] ?? "" != "" { errors.append(forbidden("is forbidden when continue is provided")) }
            if !["Exact", "NotOlderThan"].contains(match) {
                errors.append(.notSupported("resourceVersionMatch", match, ["", "Exact", "NotOlderThan"]))
            }
            if match == "Exact", query["resourceVersion"] == "0" { errors.append(forbidden("\"exact\" is forbidden for resourceVersion \"0\"")) }
        }
        if query["sendInitialEvents"] != nil { errors.append(.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list")) }
        return errors
    }

    /// Refuses a version that is not there: one that is yet to come, or just an older one, of which nothing is kept.
    func check(newest: String) throws(APIStatus) {
        guard let version, let newest = UInt64(newest) else { return }
        if version > newest { throw .tooLargeVersion(version, newest) }
        if isExact, version < newest { throw .expired("The resourceVersion for the provided list is too old.") }
    }
}

extension APIStatus {
    /// 504: a version that nobody has handed out yet.
    fileprivate static func tooLargeVersion(_ version: UInt64, _ newest: UInt64) -> APIStatus {
        let cause: Value = ["reason": "ResourceVersionTooLarge", "message": "Too large resource version"]
        return APIStatus(
            code: 504, reason: "Timeout", message: "Timeout: Too large resource version: \(version), current: \(newest)",
            details: ["causes": [cause], "retryAfterSeconds": 1])
    }
}

extension API {
    /// Refuses to go on with a list that began before the log of changes does: a watch could not follow it.
    func checkContinuation(_ request: APIRequest) async throws {
        guard let start = try ListOptions(request.query).start, let version = Int64(start.resourceVersion) else { return }
        guard try await broker.changes(after: version, limit: 1).isWhole else {
            throw APIStatus.expired(
                "The provided continue parameter is too old to display a consistent list result. "
                    + "You can start a new list without the continue parameter.")
        }
    }
}
