import BatchAPI

/// One served document: encoded once, and named by a hash of its content, by which clients keep it.
struct OpenAPIDocument: Sendable {
    let bytes: [UInt8]
    let hash: String

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        hash = Self.hash(bytes)
    }

    /// The document of a group, "" being the core group.
    init(group: String, kinds: [ResourceKind]) {
        let schemas = OpenAPISchema.reachable(from: OpenAPIPaths.types(kinds), groups: [group])
        let document: Value = [
            "openapi": "3.0.0", "info": ["title": "Drover", "version": "v1"], "components": ["schemas": .object(schemas)],
            "paths": OpenAPIPaths.paths(group: group, kinds: kinds),
        ]
        self.init(document.encodedBytes)
    }

    /// In hexadecimal.
    private static func hash(_ bytes: [UInt8]) -> String {
        let digits = String(Checksum(bytes).value, radix: 16, uppercase: true)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
