import BatchAPI

/// What an applier wants of an object: the body of an apply patch.
struct ApplyBody: Sendable {
    private(set) var value: Value
    /// Duplicate fields, where the client only wants to be warned.
    private(set) var warnings: [String]

    private static let mediaTypes: Set<String> = ["application/apply-patch+yaml", "application/apply-patch+json"]

    /// Whether a request is a server-side apply.
    static func isMeant(_ request: APIRequest) -> Bool { mediaTypes.contains(request.mediaType) }

    /// Reads YAML or JSON. Fields that the type does not have are left to the apply, which refuses them always.
    init(_ request: APIRequest, kind: String, type: String? = nil, validation: FieldValidation) throws(APIStatus) {
        let node = try Self.node(request.body)
        let problems = Schema.check(node, as: type ?? kind).filter { $0.kind == .duplicateField }.map(\.decodingText)
        if validation == .strict, !problems.isEmpty { throw .badRequest("error strict decoding YAML: " + problems.joined(separator: ", ")) }
        value = node.value
        warnings = validation == .warn ? problems : []
        guard let named = value["kind"]?.string, !named.isEmpty else { throw .badRequest("Object 'Kind' is missing in the apply patch") }
        guard named == kind else { throw .badRequest("an apply patch of kind \(named) can't be applied to a \(kind)") }
    }

    private static func node(_ body: [UInt8]) throws(APIStatus) -> Node {
        do throws(SyntaxError) {
            let documents = try Manifest.nodes(body)
            guard documents.count == 1 else { throw SyntaxError("\(documents.count) documents, expected one", at: Mark(line: 1, column: 1)) }
            return documents[0]
        } catch {
            throw .badRequest("error decoding YAML: \(error)")
        }
    }

    /// The same with the name and the namespace of the path, which it must not contradict.
    func addressed(namespace: String, name: String) throws(APIStatus) -> ApplyBody {
        let metadata = value["metadata"] ?? .null
        let (ownName, ownNamespace) = (metadata["name"]?.string ?? "", metadata["namespace"]?.string ?? "")
        guard ["", name].contains(ownName) else {
            throw .badRequest("the name of the object (\(ownName)) does not match the name on the URL (\(name))")
        }
        guard ["", namespace].contains(ownNamespace) else { throw .namespaceMismatch }
        var result = self
        result.value["metadata"] = metadata.object == nil ? .object([:]) : metadata
        result.value["metadata"]?["name"] = .string(name)
        result.value["metadata"]?["namespace"] = .string(namespace)
        return result
    }

    /// Whether the client says which version it means to change.
    var isConditional: Bool { value["metadata"]?["resourceVersion"]?.string ?? "" != "" }
}
