import BatchAPI

/// Who writes: the query's `fieldManager`, or else the program that sends the request.
enum FieldManager {
    /// Bytes that a name may have.
    static let maximumLength = 128
    /// The name of who gives none.
    static let unknown = "unknown"

    /// The writer's name. The query's is taken as it is, see `errors`; of a User-Agent the part before the first slash counts.
    static func name(query: String?, userAgent: String?) -> String {
        if let query, !query.isEmpty { return query }
        let program = (userAgent ?? "").prefix { $0 != "/" }
        var name = String.UnicodeScalarView(), length = 0
        for scalar in program.unicodeScalars where isPrintable(scalar) {
            length += UTF8.width(scalar)
            if length > maximumLength { break }
            name.append(scalar)
        }
        return name.isEmpty ? unknown : String(name)
    }

    /// What is wrong with a query's `fieldManager`, for any write.
    static func errors(_ name: String?) -> [FieldError] {
        let name = name ?? ""
        var errors = name.utf8.count > maximumLength ? [FieldError.tooLong("fieldManager", limit: maximumLength)] : []
        var position = 0
        for scalar in name.unicodeScalars {
            if !isPrintable(scalar) {
                errors.append(.invalid("fieldManager", .string(name), "invalid character \(code(scalar)) (at position \(position))"))
            }
            position += UTF8.width(scalar)
        }
        return errors
    }

    /// What is wrong with a patch's `fieldManager` and `force`: an apply patch needs the one, no other may have the other.
    static func patchErrors(_ name: String?, force: String?, isApply: Bool) -> [FieldError] {
        var errors: [FieldError] = []
        if !isApply, force != nil { errors.append(.forbidden("force", "may not be specified for non-apply patch")) }
        if isApply, name ?? "" == "" { errors.append(.required("fieldManager", "is required for apply patch")) }
        return errors + Self.errors(name)
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }

    private static func code(_ scalar: Unicode.Scalar) -> String {
        let hex = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
    }
}
