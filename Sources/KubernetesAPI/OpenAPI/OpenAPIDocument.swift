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

    /// FNV-1a with 64 bits, in hexadecimal.
    private static func hash(_ bytes: [UInt8]) -> String {
        let number = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let digits = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
