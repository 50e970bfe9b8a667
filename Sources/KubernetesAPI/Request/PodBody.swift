import BatchAPI

/// An object of a kind that is not a Job, as posted or put.
struct ObjectBody: Sendable {
    var value: Value
    /// Unknown and duplicate fields, where the client only wants to be warned.
    var warnings: [String] = []

    init(_ request: APIRequest, of kind: ResourceKind, validation: FieldValidation) throws(APIStatus) {
        try self.init(request, kind: kind.kind, apiVersion: kind.apiVersion, type: kind.type, validation: validation)
    }

    init(_ request: APIRequest, kind: String, apiVersion: String, type: String? = nil, validation: FieldValidation) throws(APIStatus) {
        let node = try BodyText.tree(request, kind: kind, apiVersion: apiVersion)
        guard case .object = node.content, ["", kind].contains(node["kind"]?.string ?? "") else {
            throw .badRequest("the object provided is unrecognized (must be of type \(kind)): couldn't get version/kind; it is no \(kind)")
        }
        try self.init(node, kind: kind, type: type, validation: validation)
    }

    /// - Parameter type: the kind's in `Schema`, if it is not called like the kind.
    init(_ node: Node, kind: String, type: String? = nil, validation: FieldValidation) throws(APIStatus) {
        let problems = Schema.check(node, as: type ?? kind)
        let prefix = "\(kind) in version \"v1\" cannot be handled as a \(kind): "
        if let fatal = problems.first(where: \.isFatal) { throw .badRequest(prefix + fatal.decodingText) }
        let texts = problems.map(\.decodingText)
        if validation == .strict, !texts.isEmpty { throw .badRequest(prefix + "strict decoding error: " + texts.joined(separator: ", ")) }
        value = node.value
        if validation == .warn { warnings = texts }
    }
}

/// The changed Pod that a PUT or PATCH asks for.
enum PodBody {
    static func put(_ request: APIRequest, _ old: Value) throws -> Value {
        let validation = try WriteOptions(request, kind: "UpdateOptions").fieldValidation
        return try checkName(ObjectBody(request, of: Catalog.pods, validation: validation).value, old)
    }

    static func patch(_ request: APIRequest, _ old: Value) throws -> Value {
        let validation = try WriteOptions(request, kind: "PatchOptions").fieldValidation
        let value = try Patch(request).apply(to: old, kind: "Pod")
        // Through the text once more: the checks need a tree that knows its places.
        let node = try Value.parseNode(json: value.encodedBytes)
        return try checkName(ObjectBody(node, kind: "Pod", validation: validation).value, old)
    }

    /// The outcome of an apply, whose fields are known but whose values have still to be looked at.
    static func applied(_ value: Value) throws -> Value {
        try ObjectBody(Value.parseNode(json: value.encodedBytes), kind: "Pod", validation: .ignore).value
    }

    private static func checkName(_ new: Value, _ old: Value) throws -> Value {
        guard new.objectName == old.objectName else {
            throw APIStatus.badRequest(
                "the name of the object (\(new.objectName)) does not match the name on the URL (\(old.objectName))")
        }
        return new
    }
}
