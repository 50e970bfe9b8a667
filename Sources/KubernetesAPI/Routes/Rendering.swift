import BatchAPI

extension API {
    /// One object in the form that the client wants.
    func render(_ object: Value, _ layout: TableLayout, _ request: APIRequest, code: Int = 200, warnings: [String] = []) throws -> APIResponse {
        let value: Value =
            switch try request.representation(of: [.object, .table, .metadata]) {
            case .table: try table([object], ["resourceVersion": object["metadata"]?["resourceVersion"] ?? ""], layout, request)
            case .metadata: TableLayout.partial(object)
            default: object
            }
        return .object(value, code: code, warnings: warnings)
    }

    /// A list, or the page of it that the client wants, in the form that it wants.
    func render(
        _ objects: [Value], of kind: ResourceKind, resourceVersion: String, _ layout: TableLayout, _ request: APIRequest
    ) throws -> APIResponse {
        let page = try ListPage(objects, try ListOptions(request.query), resourceVersion: resourceVersion, key: \.sortKey)
        return try render(page.items, of: kind, page.metadata, layout, request)
    }

    /// A page with its metadata.
    func render(
        _ objects: [Value], of kind: ResourceKind, _ metadata: Value, _ layout: TableLayout, _ request: APIRequest
    ) throws -> APIResponse {
        switch try request.representation(of: [.object, .table, .metadata]) {
        case .table: return .object(try table(objects, metadata, layout, request))
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

    /// A page of objects that are made as they are wanted, and not at all if their bytes are still there.
    func render(
        _ objects: [ListedObject], of kind: ResourceKind, _ metadata: Value, _ layout: TableLayout, _ request: APIRequest
    ) throws -> APIResponse {
        guard try request.representation(of: [.object, .table, .metadata]) == .object else {
            return try render(objects.map { $0.make() }, of: kind, metadata, layout, request)
        }
        var bytes = Array("{\"apiVersion\":\"\(kind.apiVersion)\",\"items\":[".utf8)
        for (position, object) in objects.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += encoded.bytes(object.version) { Self.item(object.make()).encodedBytes }
        }
        bytes += Array("],\"kind\":\"\(kind.kind)List\",\"metadata\":\(metadata.encoded())}\n".utf8)
        return APIResponse(code: 200, contentType: "application/json", body: .bytes(bytes))
    }

    private func table(_ objects: [Value], _ metadata: Value, _ layout: TableLayout, _ request: APIRequest) throws -> Value {
        let text = request.query["includeObject"] ?? ""
        guard let included = text.isEmpty ? .metadata : TableLayout.Included(rawValue: text) else {
            throw APIStatus.badRequest("unrecognized includeObject value: \"\(text)\"")
        }
        return layout.table(objects, metadata: metadata, included: included, now: now)
    }
}
