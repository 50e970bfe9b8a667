import BatchAPI

/// What becomes of unknown and duplicate fields.
enum FieldValidation: String, Sendable {
    case ignore = "Ignore", warn = "Warn", strict = "Strict"
}

/// The query options of a write.
struct WriteOptions: Sendable {
    /// Do all but store.
    var isDryRun: Bool
    var fieldValidation: FieldValidation
    /// Who writes, for `managedFields`.
    var manager: String
    /// An apply patch takes over what others own.
    var isForced: Bool

    /// Reads a request's options; `kind` (CreateOptions ...) names them in errors.
    init(_ request: APIRequest, kind: String) throws(APIStatus) {
        let query = request.query, name = query["fieldManager"]
        let managerErrors = kind == "PatchOptions"
            ? FieldManager.patchErrors(name, force: query["force"], isApply: ApplyBody.isMeant(request)) : FieldManager.errors(name)
        var errors = managerErrors + Self.dryRunErrors(query.all("dryRun"))
        let text = query["fieldValidation"] ?? ""
        let validation = text.isEmpty ? .warn : FieldValidation(rawValue: text)
        if validation == nil {
            errors.append(.notSupported("fieldValidation", text, ["", "Ignore", "Strict", "Warn"]))
        }
        guard errors.isEmpty, let validation else { throw .invalid(kind: kind, group: "meta.k8s.io", name: "", errors: errors) }
        isDryRun = query.all("dryRun").contains("All")
        fieldValidation = validation
        manager = FieldManager.name(query: name, userAgent: request.userAgent)
        isForced = query.flag("force")
    }

    static func dryRunErrors(_ values: [String]) -> [FieldError] {
        guard values.contains(where: { $0 != "All" && $0 != "" }) else { return [] }
        let shown = Value.strings(values).encoded()
        return [FieldError(reason: .notSupported, field: "dryRun", message: "Unsupported value: \(shown): supported values: \"All\"")]
    }
}
