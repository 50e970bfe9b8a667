/// Reading of manifest files: YAML of one or several documents, or JSON; `kind: List` is expanded.
public enum Manifest {
    /// A larger file is refused.
    public static let maximumBytes = 10 << 20

    /// The kinds that `load` accepts unless told otherwise, with their apiVersions.
    public static let kinds: [String: String] = [
        "Job": "batch/v1", "ConfigMap": "v1", "Secret": "v1", "PersistentVolumeClaim": "v1",
    ]

    /// Reads the objects of a file. Types and field names are checked, rules across fields are not (see
    /// `JobValidation`). `file` is only shown in errors. All errors of a file are reported together, except
    /// that a syntax error ends the reading.
    public static func load(
        _ bytes: [UInt8], file: String, kinds: [String: String] = Manifest.kinds
    ) throws(ManifestErrors) -> [ManifestDocument] {
        var reader = ManifestReader(file: file, kinds: kinds)
        do throws(SyntaxError) {
            for node in try ManifestText.nodes(bytes) { reader.read(node, path: "") }
        } catch {
            reader.fail(error.mark, nil, error.message)
        }
        if reader.documents.isEmpty, reader.errors.isEmpty { reader.fail(Mark(line: 1, column: 1), nil, "no manifest in it") }
        guard reader.errors.isEmpty else { throw ManifestErrors(reader.errors) }
        return reader.documents
    }
}

extension Manifest {
    /// The documents of a text in YAML or JSON, whatever they hold.
    public static func nodes(_ bytes: [UInt8]) throws(SyntaxError) -> [Node] { try ManifestText.nodes(bytes) }
}

/// From bytes to nodes, whichever the syntax.
enum ManifestText {
    static func nodes(_ bytes: [UInt8]) throws(SyntaxError) -> [Node] {
        let start = Mark(line: 1, column: 1)
        guard bytes.count <= Manifest.maximumBytes else { throw SyntaxError("larger than 10 MiB", at: start) }
        try checkCharacters(bytes)
        let space: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
        guard let first = bytes.first(where: { !space.contains($0) }) else { return [] }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return try YAMLReader.documents(bytes) }
        let jsonError: SyntaxError
        do throws(SyntaxError) {
            return [try Value.parseNode(json: bytes)]
        } catch {
            jsonError = error
        }
        // Flow style YAML looks like JSON; if it is neither, it was meant as JSON, unless it is too deep for either.
        do throws(SyntaxError) {
            return try YAMLReader.documents(bytes)
        } catch {
            throw error.message.hasPrefix("nested") ? error : jsonError
        }
    }

    private static func checkCharacters(_ bytes: [UInt8]) throws(SyntaxError) {
        if let position = bytes.firstIndex(of: 0) { throw SyntaxError("NUL byte", at: mark(position, bytes)) }
        guard String(validating: bytes, as: UTF8.self) == nil else { return }
        // The first line that is invalid by itself: no character spans a line break.
        var line = 1
        for slice in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if String(validating: slice, as: UTF8.self) == nil { break }
            line += 1
        }
        throw SyntaxError("invalid UTF-8", at: Mark(line: line, column: 1))
    }

    private static func mark(_ position: Int, _ bytes: [UInt8]) -> Mark {
        let before = bytes[..<position]
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return Mark(line: before.count { $0 == 0x0A } + 1, column: position - lineStart + 1)
    }
}
