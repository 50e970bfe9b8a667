/// What a YAML scalar means, by the rules of kubectl (YAML 1.1 with Go's integers).
enum YAMLScalars {
    /// The value of a scalar; nil if its tag is not a known one or its text does not suit the tag.
    static func resolve(_ text: String, isPlain: Bool, tag: String?) -> Value? {
        guard let tag else { return isPlain ? resolvePlain(text) : .string(text) }
        let value = resolvePlain(text)
        switch tag {
        case "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp": return .string(text)
        case "tag:yaml.org,2002:null": return value.isNull ? value : nil
        case "tag:yaml.org,2002:bool": return value.bool == nil ? nil : value
        case "tag:yaml.org,2002:int": return value.int == nil ? nil : value
        case "tag:yaml.org,2002:float":
            guard case .double = value else { return value.int == nil ? nil : value }
            return value
        default: return nil
        }
    }

    private static func resolvePlain(_ text: String) -> Value {
        switch text {
        case "", "~", "null", "Null", "NULL": .null
        case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": .bool(true)
        case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": .bool(false)
        default: number(text) ?? .string(text)
        }
    }

    private static func number(_ text: String) -> Value? {
        guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else { return nil }
        if let integer = integer(text.filter { $0 != "_" }) { return .int(integer) }
        guard isFloat(text), let number = Double(text), number.isFinite else { return nil }
        // JSON has one kind of number, so 1e3 counts as an integer.
        if let integer = Int64(exactly: number), integer.magnitude < 1 << 53 { return .int(integer) }
        return .double(number)
    }

    private static func integer(_ text: String) -> Int64? {
        let negative = text.hasPrefix("-")
        let digits = negative || text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard let first = digits.first, first.isASCII, first.isNumber else { return nil }
        let (radix, body) = radix(of: digits)
        guard let first = body.first, first != "+", first != "-" else { return nil }
        return Int64((negative ? "-" : "") + body, radix: radix)
    }

    private static func radix(of digits: Substring) -> (Int, Substring) {
        guard digits.first == "0", digits.count > 1 else { return (10, digits) }
        switch digits.dropFirst().first {
        case "x", "X": return (16, digits.dropFirst(2))
        case "o", "O": return (8, digits.dropFirst(2))
        case "b", "B": return (2, digits.dropFirst(2))
        default: return (8, digits.dropFirst())
        }
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
    private static func isFloat(_ text: String) -> Bool {
        var rest = Substring(text)
        if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
        let whole = takeDigits(&rest)
        var fraction = 0
        if rest.first == "." {
            rest = rest.dropFirst()
            fraction = takeDigits(&rest)
        }
        guard whole + fraction > 0 else { return false }
        if rest.first == "e" || rest.first == "E" {
            rest = rest.dropFirst()
            if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
            guard takeDigits(&rest) > 0 else { return false }
        }
        return rest.isEmpty
    }

    private static func takeDigits(_ rest: inout Substring) -> Int {
        let digits = rest.prefix { $0 >= "0" && $0 <= "9" }
        rest = rest.dropFirst(digits.count)
        return digits.count
    }
}
