import BatchAPI

/// A patch of a request: which kind, and what it changes.
struct Patch: Sendable {
    private enum Kind: Sendable { case merge, strategic, json }

    private var kind: Kind
    private var change: Value

    /// Reads a request's patch.
    init(_ request: APIRequest) throws(APIStatus) {
        switch request.mediaType {
        case "application/merge-patch+json": kind = .merge
        case "application/strategic-merge-patch+json": kind = .strategic
        case "application/json-patch+json": kind = .json
        default: throw .unsupportedMediaType
        }
        do throws(SyntaxError) { change = try Value.parse(json: request.body) } catch {
            throw .badRequest("error decoding patch: \(BodyText.goText(error))")
        }
        if kind != .json, change.object == nil { throw .badRequest("error decoding patch: a patch must be an object") }
    }

    /// Whether the client says which version it means to change, so that a conflict is its own.
    var isConditional: Bool { kind != .json && change["metadata"]?["resourceVersion"]?.string ?? "" != "" }

    /// The changed object, which is still to be checked.
    func apply(to object: Value, kind name: String) throws(APIStatus) -> Value {
        switch kind {
        case .merge: MergePatch.apply(change, to: object)
        case .strategic: try StrategicMergePatch.apply(change, to: object, as: .object(name))
        case .json: try JSONPatch.apply(change, to: object)
        }
    }
}
