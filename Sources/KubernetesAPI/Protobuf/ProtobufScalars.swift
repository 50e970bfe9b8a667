import BatchAPI

/// Values that are one text or number in JSON and a piece of bytes on the wire.
enum ProtobufScalars {
    /// The value of a piece; nil where it stands for nothing.
    static func value(_ kind: ProtobufTable.Kind, _ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> Value? {
        switch kind {
        case .bytes: .string(Base64.encode(bytes))
        case .time: try time(bytes, micro: false)
        case .microTime: try time(bytes, micro: true)
        case .quantity: .string(try Parts(bytes).texts[1] ?? "0")
        case .intOrString: try intOrString(bytes)
        case .json: try json(bytes)
        default: throw ProtobufError("bytes stand where none are expected")
        }
    }

    /// {seconds = 1, nanos = 2}. An empty piece is a time that nobody set.
    private static func time(_ bytes: ArraySlice<UInt8>, micro: Bool) throws(ProtobufError) -> Value? {
        if bytes.isEmpty { return nil }
        let parts = try Parts(bytes)
        let seconds = Int64(bitPattern: parts.numbers[1] ?? 0), nanos = Int32(truncatingIfNeeded: parts.numbers[2] ?? 0)
        // From year 1 to 9999, which are what the text form can say.
        guard (-62_135_596_800...253_402_300_799).contains(seconds), (0..<1_000_000_000).contains(nanos) else {
            throw ProtobufError("the time \(seconds) s \(nanos) ns is out of range")
        }
        let text = Timestamp(milliseconds: seconds * 1000).rfc3339
        return .string(micro ? "\(text.dropLast()).\(String(1_000_000 + nanos / 1000).dropFirst())Z" : text)
    }

    /// {type = 1, number = 2, text = 3}; type 1 is the text.
    private static func intOrString(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> Value {
        let parts = try Parts(bytes)
        switch parts.numbers[1] ?? 0 {
        case 0: return .int(Int64(Int32(truncatingIfNeeded: parts.numbers[2] ?? 0)))
        case 1: return .string(parts.texts[3] ?? "")
        default: throw ProtobufError("it is neither number nor text")
        }
    }

    /// {text = 1}: a tree in JSON.
    private static func json(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> Value? {
        guard let text = try Parts(bytes).texts[1], !text.isEmpty else { return nil }
        do throws(SyntaxError) { return try Value.parse(json: Array(text.utf8)) } catch {
            throw ProtobufError("it holds no JSON: \(error)")
        }
    }
}

/// The fields of a small message, by their numbers.
private struct Parts {
    private(set) var numbers: [Int: UInt64] = [:]
    private(set) var texts: [Int: String] = [:]

    init(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        var reader = ProtobufReader(bytes)
        while let tag = try reader.nextTag() {
            switch (tag.number, tag.wire) {
            case (1...3, .varint): numbers[tag.number] = try reader.varint()
            case (1...3, .piece): texts[tag.number] = try reader.text(tag.wire)
            default: try reader.skip(tag.wire)
            }
        }
    }
}
