import BatchAPI

/// How many objects a list holds and what else a client may ask of lists.
struct ListOptions: Sendable {
    /// Reads what all lists have in common. `limit` is checked and then passed over: an answer always holds the whole list, so that there
    /// are no continue tokens.
    init(_ query: Query) throws(APIStatus) {
        _ = try query.number("limit")
        if let token = query["continue"], !token.isEmpty { throw .badRequest("invalid continue token: this server hands none out") }
        if let text = query["resourceVersion"], !text.isEmpty, UInt64(text) == nil {
            throw .badRequest(
                "invalid resource version: resourceVersion: Invalid value: \"\(text)\": strconv.ParseUint: parsing \"\(text)\": invalid syntax")
        }
        if query["resourceVersionMatch"] != nil, query["resourceVersion"] == nil {
            let error = FieldError.forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided")
            throw .invalid(kind: "ListOptions", group: "meta.k8s.io", name: "", errors: [error])
        }
    }
}

extension API {
    /// One object in the form that the client wants.
    func render(_ object: Value, _ layout: TableLayout, _ request: APIRequest, code: Int = 200, warnings: [String] = []) throws -> APIResponse {
        let value: Value =
            switch try request.representation(of: [.object, .table, .metadata]) {
            case .table: try table([object], object["metadata"]?["resourceVersion"]?.string ?? "", layout, request)
            case .metadata: TableLayout.partial(object)
            default: object
            }
        return .object(value, code: code, warnings: warnings)
    }

    /// A list in the form that the client wants.
    func render(
        _ objects: [Value], of kind: ResourceKind, resourceVersion: String, _ layout: TableLayout, _ request: APIRequest
    ) throws -> APIResponse {
        let metadata: Value = ["resourceVersion": .string(resourceVersion)]
        switch try request.representation(of: [.object, .table, .metadata]) {
        case .table: return .object(try table(objects, resourceVersion, layout, request))
        case .metadata:
            return .object([
                "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
                "items": .array(objects.map(TableLayout.partial)),
            ])
        default:
            return .object([
                "kind": .string("\(kind.kind)List"), "apiVersion": .string(kind.apiVersion), "metadata": metadata,
                "items": .array(objects.map(Self.item)),
            ])
        }
    }

    /// Items of a list go without kind: the list's own says it.
    static func item(_ object: Value) -> Value {
        var item = object
        item["kind"] = nil
        item["apiVersion"] = nil
        return item
    }

    private func table(_ objects: [Value], _ resourceVersion: String, _ layout: TableLayout, _ request: APIRequest) throws -> Value {
        let text = request.query["includeObject"] ?? ""
        guard let included = text.isEmpty ? .metadata : TableLayout.Included(rawValue: text) else {
            throw APIStatus.badRequest("unrecognized includeObject value: \"\(text)\"")
        }
        return layout.table(objects, resourceVersion: resourceVersion, included: included, now: now)
    }
}
