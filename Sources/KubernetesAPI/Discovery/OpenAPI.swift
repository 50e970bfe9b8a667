import BatchAPI

/// The OpenAPI documents: what clients learn fields, patches and explanations from. Made at the first question, then kept.
enum OpenAPI {
    /// What a GET of something below /openapi/v3 gets.
    enum Answer: Sendable, Equatable {
        case index([UInt8], etag: String)
        /// `isPinned` if the question named this very content, which may thus be kept forever.
        case document([UInt8], etag: String, isPinned: Bool)
        /// The document has changed since the client learned its address.
        case moved(to: String)
        case notFound
    }

    /// `path` is what follows /openapi/v3, as ["apis", "batch", "v1"].
    static func answer(path: [String], query hash: String?) -> Answer {
        if path.isEmpty { return .index(index.bytes, etag: index.hash) }
        let name = path.joined(separator: "/")
        guard let document = documents[name] else { return .notFound }
        if let hash, !hash.isEmpty, hash != document.hash { return .moved(to: address(name, document)) }
        return .document(document.bytes, etag: document.hash, isPinned: hash == document.hash)
    }

    /// By path, as "api/v1", "apis/batch/v1".
    static let documents: [String: OpenAPIDocument] = Dictionary(
        uniqueKeysWithValues: ([""] + Catalog.groups).map { group in
            (group.isEmpty ? "api/v1" : "apis/\(group)/v1", OpenAPIDocument(group: group, kinds: Catalog.kinds(group: group)))
        })

    /// GET /openapi/v3.
    private static let index: OpenAPIDocument = {
        let paths = documents.map { name, document in (name, ["serverRelativeURL": .string(address(name, document))] as Value) }
        return OpenAPIDocument((["paths": .object(Dictionary(uniqueKeysWithValues: paths))] as Value).encodedBytes)
    }()

    private static func address(_ name: String, _ document: OpenAPIDocument) -> String { "/openapi/v3/\(name)?hash=\(document.hash)" }

    /// GET /openapi/v2, protobuf only.
    static let v2 = OpenAPIDocument(SwaggerDocument.bytes(groups: [""] + Catalog.groups))
    static let v2Type = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
}
