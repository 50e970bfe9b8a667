/// Numbers of packed items and results: 7 bits a byte, the lowest first; all but the last byte have bit 8 set.
extension [UInt8] {
    mutating func append(packed number: Int) {
        var rest = UInt(number)
        while rest > 127 {
            append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}

/// Reads what was packed, from its start on.
struct PackedBytes: Sendable {
    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { at == bytes.count }

    /// nil at the end, and where the number has more than `digits` bytes.
    mutating func number(digits: Int) -> Int? {
        var number = 0, shift = 0
        while at < bytes.count, shift < 7 * digits {
            let byte = bytes[at]
            at += 1
            number |= Int(byte & 127) << shift
            shift += 7
            if byte < 128 { return number }
        }
        return nil
    }

    /// nil if there are not so many left.
    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= bytes.count - at else { return nil }
        defer { at += count }
        return bytes[at..<at + count]
    }
}
