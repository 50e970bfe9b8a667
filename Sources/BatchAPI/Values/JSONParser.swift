/// What a JSON parse builds: plain values, or nodes with places.
protocol JSONTree {
    static func scalar(_ value: Value, at mark: Mark) -> Self
    static func array(_ elements: [Self], at mark: Mark) -> Self
    static func object(_ members: [(key: String, mark: Mark, value: Self)], at mark: Mark) -> Self
}

extension Value: JSONTree {
    static func scalar(_ value: Value, at mark: Mark) -> Value { value }
    static func array(_ elements: [Value], at mark: Mark) -> Value { .array(elements) }
    static func object(_ members: [(key: String, mark: Mark, value: Value)], at mark: Mark) -> Value {
        .object(Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }))
    }

    /// Reads one JSON text. Strict: no trailing text, no NUL bytes, at most 100 levels, integers within
    /// Int64, no lone surrogates. Of equal keys the last wins; `parseNode` keeps both.
    public static func parse(json: [UInt8]) throws(SyntaxError) -> Value { try JSONParser.parse(json) }

    /// Reads one JSON text, keeping places and duplicate keys; as strict as `parse(json:)`.
    public static func parseNode(json: [UInt8]) throws(SyntaxError) -> Node { try JSONParser.parse(json) }
}

extension Node: JSONTree {
    static func scalar(_ value: Value, at mark: Mark) -> Node { Node(content: .scalar(value), mark: mark) }
    static func array(_ elements: [Node], at mark: Mark) -> Node { Node(content: .array(elements), mark: mark) }
    static func object(_ members: [(key: String, mark: Mark, value: Node)], at mark: Mark) -> Node {
        Node(content: .object(members.map { Member(key: $0.key, mark: $0.mark, value: $0.value) }), mark: mark)
    }
}

/// A recursive descent over the bytes of one JSON text.
struct JSONParser {
    static let maximumDepth = 100

    let bytes: [UInt8]
    var offset = 0
    private var depth = 0
    private var line = 1
    private var lineStart = 0

    static func parse<Tree: JSONTree>(_ bytes: [UInt8]) throws(SyntaxError) -> Tree {
        var parser = JSONParser(bytes: bytes)
        let tree: Tree = try parser.parseValue()
        try parser.skipSpace()
        if parser.offset < bytes.count { throw parser.error("unexpected text after the JSON value") }
        return tree
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }
    var mark: Mark { Mark(line: line, column: offset - lineStart + 1) }
    func error(_ message: String) -> SyntaxError { SyntaxError(message, at: mark) }

    private mutating func skipSpace() throws(SyntaxError) {
        while let byte = next {
            switch byte {
            case 0x20, 0x09, 0x0D: offset += 1
            case 0x0A:
                offset += 1
                line += 1
                lineStart = offset
            case 0: throw error("NUL byte")
            default: return
            }
        }
    }

    private mutating func parseValue<Tree: JSONTree>() throws(SyntaxError) -> Tree {
        try skipSpace()
        let start = mark
        switch next {
        case nil: throw error("unexpected end of JSON")
        case UInt8(ascii: "{"): return .object(try parseMembers(), at: start)
        case UInt8(ascii: "["): return .array(try parseElements(), at: start)
        case UInt8(ascii: "\""): return .scalar(.string(try parseString()), at: start)
        case UInt8(ascii: "t"): return .scalar(try literal("true", .bool(true)), at: start)
        case UInt8(ascii: "f"): return .scalar(try literal("false", .bool(false)), at: start)
        case UInt8(ascii: "n"): return .scalar(try literal("null", .null), at: start)
        default: return .scalar(try parseNumber(), at: start)
        }
    }

    private mutating func parseElements<Tree: JSONTree>() throws(SyntaxError) -> [Tree] {
        try enter()
        var elements: [Tree] = []
        if try consume("]") { return leave(elements) }
        while true {
            elements.append(try parseValue())
            if try consume("]") { return leave(elements) }
            if try !consume(",") { throw unexpected("',' or ']'") }
        }
    }

    private mutating func parseMembers<Tree: JSONTree>() throws(SyntaxError) -> [(key: String, mark: Mark, value: Tree)] {
        try enter()
        var members: [(key: String, mark: Mark, value: Tree)] = []
        if try consume("}") { return leave(members) }
        while true {
            try skipSpace()
            let start = mark
            guard next == UInt8(ascii: "\"") else { throw unexpected("a quoted key") }
            let key = try parseString()
            if try !consume(":") { throw unexpected("':'") }
            members.append((key, start, try parseValue()))
            if try consume("}") { return leave(members) }
            if try !consume(",") { throw unexpected("',' or '}'") }
        }
    }

    private mutating func enter() throws(SyntaxError) {
        depth += 1
        if depth > Self.maximumDepth { throw error("nested more than \(Self.maximumDepth) levels deep") }
        offset += 1
    }

    private mutating func leave<Result>(_ result: Result) -> Result {
        depth -= 1
        return result
    }

    private mutating func consume(_ symbol: Unicode.Scalar) throws(SyntaxError) -> Bool {
        try skipSpace()
        guard next == UInt8(ascii: symbol) else { return false }
        offset += 1
        return true
    }

    private mutating func literal(_ word: StaticString, _ value: Value) throws(SyntaxError) -> Value {
        let length = word.utf8CodeUnitCount
        let matches = offset + length <= bytes.count
            && (0..<length).allSatisfy { bytes[offset + $0] == word.utf8Start[$0] }
        guard matches else { throw error("invalid word (true, false or null expected)") }
        offset += length
        return value
    }

    private func unexpected(_ wanted: String) -> SyntaxError {
        next == nil ? error("unexpected end of JSON") : error("expected \(wanted)")
    }
}
