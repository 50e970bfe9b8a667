extension JSONParser {
    /// A number: Int64 without fraction and exponent, else a double.
    mutating func parseNumber() throws(SyntaxError) -> Value {
        let start = offset
        if next == UInt8(ascii: "-") { offset += 1 }
        let first = offset
        guard skipDigits() > 0 else {
            offset = start
            throw error("unexpected character")
        }
        if bytes[first] == UInt8(ascii: "0"), offset > first + 1 { throw error("a number must not start with 0") }
        var isInteger = true
        if next == UInt8(ascii: ".") {
            isInteger = false
            offset += 1
            if skipDigits() == 0 { throw error("digit expected after '.'") }
        }
        if try skipExponent() { isInteger = false }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        return isInteger ? try integer(text) : try double(text)
    }

    private mutating func skipDigits() -> Int {
        let start = offset
        while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { offset += 1 }
        return offset - start
    }

    private mutating func skipExponent() throws(SyntaxError) -> Bool {
        guard next == UInt8(ascii: "e") || next == UInt8(ascii: "E") else { return false }
        offset += 1
        if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { offset += 1 }
        if skipDigits() == 0 { throw error("digit expected in the exponent") }
        return true
    }

    private func integer(_ text: String) throws(SyntaxError) -> Value {
        guard let number = Int64(text) else { throw error("the integer \(text.prefix(30)) does not fit into 64 bits") }
        return .int(number)
    }

    private func double(_ text: String) throws(SyntaxError) -> Value {
        guard let number = Double(text), number.isFinite else { throw error("the number \(text.prefix(30)) is out of range") }
        return .double(number)
    }

    /// A string, its quote being the next byte.
    mutating func parseString() throws(SyntaxError) -> String {
        offset += 1
        let start = offset
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { offset += 1 }
        if next == UInt8(ascii: "\"") {
            let text = try utf8(bytes[start..<offset])
            offset += 1
            return text
        }
        return try parseEscapedString(Array(bytes[start..<offset]))
    }

    private mutating func parseEscapedString(_ head: [UInt8]) throws(SyntaxError) -> String {
        var text = head
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                let result = try utf8(text[...])
                offset += 1
                return result
            case UInt8(ascii: "\\"): try parseEscape(into: &text)
            case 0: throw error("NUL byte")
            case 1..<0x20: throw error("control character in a string")
            default:
                text.append(byte)
                offset += 1
            }
        }
        throw error("unexpected end of JSON")
    }

    private func utf8(_ slice: ArraySlice<UInt8>) throws(SyntaxError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw error("invalid UTF-8") }
        return text
    }

    private mutating func parseEscape(into text: inout [UInt8]) throws(SyntaxError) {
        offset += 1
        guard let byte = next else { throw error("unexpected end of JSON") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(Character(try parseUnicodeEscape())).utf8)
        default: throw error("unknown escape in a string")
        }
    }

    private mutating func parseUnicodeEscape() throws(SyntaxError) -> Unicode.Scalar {
        let high = try fourHexDigits()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard high < 0xDC00, next == UInt8(ascii: "\\"), offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "u")
        else { throw error("lone surrogate in a string") }
        offset += 2
        let low = try fourHexDigits()
        guard (0xDC00..<0xE000).contains(low), let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw error("lone surrogate in a string") }
        return scalar
    }

    private mutating func fourHexDigits() throws(SyntaxError) -> UInt32 {
        var result: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue
            else { throw error("four hexadecimal digits expected after \\u") }
            result = result << 4 | UInt32(digit)
            offset += 1
        }
        return result
    }
}
