/// Appends fields of a protobuf message to a byte buffer.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    mutating func text(_ number: UInt64, _ text: String?) {
        if let text { message(number, Array(text.utf8)) }
    }

    /// A nested message, or other bytes with a length.
    mutating func message(_ number: UInt64, _ content: [UInt8]) {
        varint(number << 3 | 2)
        varint(UInt64(content.count))
        bytes.append(contentsOf: content)
    }

    mutating func message(_ number: UInt64, _ write: (inout ProtobufWriter) -> Void) { message(number, Self.bytes(write)) }

    mutating func flag(_ number: UInt64, _ flag: Bool) {
        if flag { bytes += [UInt8(number << 3), 1] }
    }

    static func bytes(_ write: (inout ProtobufWriter) -> Void) -> [UInt8] {
        var writer = ProtobufWriter()
        write(&writer)
        return writer.bytes
    }

    private mutating func varint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
