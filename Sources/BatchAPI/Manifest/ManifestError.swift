/// One reason why a manifest is refused; its description is one line:
/// `job.yaml:12: spec.completions: expected an integer, found string "three"`.
public struct ManifestError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file as the caller named it.
    public var file: String
    /// Counts from 1.
    public var line: Int
    /// Counts from 1; nil where only the line is known.
    public var column: Int?
    /// The path of the field, as `spec.template.spec.containers[0].name`; nil for errors of the text.
    public var field: String?
    public var message: String

    /// An error of its parts.
    public init(file: String, line: Int, column: Int? = nil, field: String? = nil, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.field = field
        self.message = message
    }

    public var description: String {
        let path = field.map { "\(Self.oneLine($0)): " } ?? ""
        return "\(file):\(line): \(path)\(Self.oneLine(message))"
    }

    /// Keys come from the text and may hold line breaks.
    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }
}

/// Everything found wrong with the manifests of a file, in the order of the text; never empty.
public struct ManifestErrors: Error, Sendable, Hashable, CustomStringConvertible {
    public var errors: [ManifestError]

    /// A list of errors.
    public init(_ errors: [ManifestError]) { self.errors = errors }

    /// One line for each error.
    public var description: String { errors.map(\.description).joined(separator: "\n") }
}
