/// Reads the wire form: tags, numbers and pieces, none of which reaches past the end.
struct ProtobufReader {
    /// How a field's value is written.
    enum Wire: UInt8 { case varint = 0, eightBytes = 1, piece = 2, fourBytes = 5 }

    private let content: ArraySlice<UInt8>
    private var offset: Int

    init(_ bytes: ArraySlice<UInt8>) {
        content = bytes
        offset = bytes.startIndex
    }

    /// Whether all is read.
    var isAtEnd: Bool { offset == content.endIndex }

    private var left: Int { content.endIndex - offset }

    /// A field's number and the form of what follows; nil at the end.
    mutating func nextTag() throws(ProtobufError) -> (number: Int, wire: Wire)? {
        if isAtEnd { return nil }
        let tag = try varint()
        guard let number = Int32(exactly: tag >> 3), number > 0 else { throw ProtobufError("the field number \(tag >> 3) is not valid") }
        guard let wire = Wire(rawValue: UInt8(tag & 7)) else { throw ProtobufError("field \(number) has the unknown wire type \(tag & 7)") }
        return (Int(number), wire)
    }

    /// A number of up to 64 bits.
    mutating func varint() throws(ProtobufError) -> UInt64 {
        var result: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard offset < content.endIndex else { throw ProtobufError("a number is cut off") }
            let byte = content[offset]
            offset += 1
            result |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return result }
        }
        throw ProtobufError("a number is longer than 10 bytes")
    }

    /// A number in the form that its tag said.
    mutating func number(_ wire: Wire) throws(ProtobufError) -> UInt64 {
        guard wire == .varint else { throw ProtobufError("expected a number, found wire type \(wire.rawValue)") }
        return try varint()
    }

    /// The bytes of a piece: a text, a message or a run of numbers.
    mutating func bytes(_ wire: Wire) throws(ProtobufError) -> ArraySlice<UInt8> {
        guard wire == .piece else { throw ProtobufError("expected bytes, found wire type \(wire.rawValue)") }
        return try take(varint())
    }

    /// A text, which must be UTF-8.
    mutating func text(_ wire: Wire) throws(ProtobufError) -> String {
        guard let text = String(validating: try bytes(wire), as: UTF8.self) else { throw ProtobufError("a text is not valid UTF-8") }
        return text
    }

    /// Passes over the value of an unknown field.
    mutating func skip(_ wire: Wire) throws(ProtobufError) {
        switch wire {
        case .varint: _ = try varint()
        case .eightBytes: _ = try take(8)
        case .piece: _ = try bytes(wire)
        case .fourBytes: _ = try take(4)
        }
    }

    private mutating func take(_ length: UInt64) throws(ProtobufError) -> ArraySlice<UInt8> {
        guard length <= UInt64(left) else { throw ProtobufError("\(length) bytes are announced, \(left) are left") }
        let start = offset
        offset += Int(length)
        return content[start..<offset]
    }
}
