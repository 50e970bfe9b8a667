/// Whether a scalar fits a field.
enum SchemaScalars {
    typealias Finding = (kind: Schema.Problem.Kind, message: String)

    static func problem(_ value: Value, _ type: Schema.FieldType) -> Finding? {
        if case .string(let text) = value, text.utf8.contains(0) { return (.badValue, "contains a NUL character") }
        switch (type, value) {
        case (.any, _), (.string, .string), (.int64, .int), (.bool, .bool), (.double, .int), (.double, .double),
            (.intOrString, .string):
            return nil
        case (.int32, .int(let number)), (.intOrString, .int(let number)):
            return Int32(exactly: number) == nil ? (.badValue, "\(number) is out of range (a 32-bit integer)") : nil
        case (.int32, .double(let number)) where abs(number) >= 0x1p63, (.int64, .double(let number)) where abs(number) >= 0x1p63:
            return (.wrongType, "\(number) is out of range (a \(type == .int32 ? 32 : 64)-bit integer)")
        case (.quantity, .string), (.quantity, .int), (.quantity, .double): return quantityProblem(value)
        case (.time, .string(let text)), (.microTime, .string(let text)): return timeProblem(text)
        case (.bytes, .string(let text)): return isBase64(text) ? nil : (.badValue, "is not valid base64")
        default: return (.wrongType, "expected \(type.words), found \(value.words)")
        }
    }

    private static func quantityProblem(_ value: Value) -> Finding? {
        do throws(Quantity.ParseError) {
            _ = try Quantity(value)
            return nil
        } catch {
            return (.badValue, "\(value.encoded()): \(error)")
        }
    }

    private static func timeProblem(_ text: String) -> Finding? {
        guard Timestamp(rfc3339: text) == nil else { return nil }
        return (.badValue, "expected a time like 2006-01-02T15:04:05Z, found \(Value.string(text).words)")
    }

    /// Standard alphabet, padded; line breaks are skipped, as by Go.
    private static func isBase64(_ text: String) -> Bool {
        let symbols = text.utf8.filter { $0 != 0x0A && $0 != 0x0D }
        guard symbols.count % 4 == 0 else { return false }
        let body = symbols.dropLast(symbols.suffix(2).count { $0 == UInt8(ascii: "=") })
        return body.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"): true
            default: false
            }
        }
    }
}
