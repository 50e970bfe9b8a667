import BatchAPI

/// From bytes to a tree, by the body's media type.
enum BodyText {
    /// A body in JSON or protobuf; a client that names no type sends JSON (some do not name it).
    static func json(_ request: APIRequest, kind: String) throws(APIStatus) -> Node {
        guard ["", "application/json", "*/*", Protobuf.mediaType].contains(request.mediaType) else { throw .unknownBodyFormat }
        let text = try request.mediaType == Protobuf.mediaType ? Protobuf.object(request.body, as: kind).encodedBytes : request.body
        do throws(SyntaxError) { return try Value.parseNode(json: text) } catch {
            throw .badRequest(
                "the object provided is unrecognized (must be of type \(kind)): couldn't get version/kind; "
                    + "json parse error: \(goText(error)) (\(excerpt(request.body)))")
        }
    }

    /// A body in JSON, protobuf or YAML. YAML is read as strictly as a manifest file: unknown and duplicate fields are refused whatever
    /// `fieldValidation` says.
    static func tree(_ request: APIRequest, kind: String, apiVersion: String) throws(APIStatus) -> Node {
        guard ["application/yaml", "application/x-yaml", "text/yaml"].contains(request.mediaType) else {
            return try json(request, kind: kind)
        }
        do {
            let documents = try Manifest.load(request.body, file: "body", kinds: [kind: apiVersion])
            guard documents.count == 1 else { throw APIStatus.badRequest("the body holds \(documents.count) documents, expected one \(kind)") }
            return try Value.parseNode(json: documents[0].value.encodedBytes)
        } catch let status as APIStatus {
            throw status
        } catch {
            throw .badRequest("the object provided is unrecognized (must be of type \(kind)): \(error)")
        }
    }

    /// Go's words for the commonest error, others with their place.
    static func goText(_ error: SyntaxError) -> String {
        error.message == "unexpected end of JSON" ? "unexpected end of JSON input" : error.description
    }

    private static func excerpt(_ body: [UInt8]) -> String {
        if body.isEmpty { return "<empty>" }
        return String(decoding: body.prefix(128), as: UTF8.self) + (body.count > 128 ? "..." : "")
    }
}

/// A Job as posted, put or patched: decoded, not yet defaulted.
struct JobBody: Sendable {
    var value: Value
    /// Unknown and duplicate fields, where the client only wants to be warned.
    var warnings: [String]

    /// Reads a request's body.
    init(_ request: APIRequest, validation: FieldValidation) throws(APIStatus) {
        try self.init(BodyText.tree(request, kind: "Job", apiVersion: "batch/v1"), validation: validation)
    }

    /// Checks a tree against the schema.
    init(_ node: Node, validation: FieldValidation) throws(APIStatus) {
        try Self.checkKind(node)
        let problems = Schema.check(node, as: "Job")
        let prefix = "Job in version \"v1\" cannot be handled as a Job: "
        if let fatal = problems.first(where: \.isFatal) { throw .badRequest(prefix + fatal.decodingText) }
        let texts = problems.map(\.decodingText)
        if validation == .strict, !texts.isEmpty {
            throw .badRequest(prefix + "strict decoding error: " + texts.joined(separator: ", "))
        }
        value = node.value
        warnings = validation == .warn ? texts : []
    }

    /// Kind and apiVersion may be absent: the path says what is meant.
    private static func checkKind(_ node: Node) throws(APIStatus) {
        guard case .object = node.content else {
            throw .badRequest("the object provided is unrecognized (must be of type Job): couldn't get version/kind; it is no JSON object")
        }
        let kind = node["kind"]?.string ?? "Job", apiVersion = node["apiVersion"]?.string ?? "batch/v1"
        guard kind != "Job" || apiVersion != "batch/v1" else { return }
        let version = String(apiVersion.split(separator: "/").last ?? "")
        let prefix = "\(kind) in version \"\(version)\" cannot be handled as a Job: "
        guard kind != "Job", ["v1", "batch/v1"].contains(apiVersion) else {
            throw .badRequest(
                prefix + "no kind \"\(kind)\" is registered for version \"\(apiVersion)\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"")
        }
        throw .badRequest(prefix + "converting (\(version).\(kind)) to (batch.Job): unknown conversion")
    }
}
