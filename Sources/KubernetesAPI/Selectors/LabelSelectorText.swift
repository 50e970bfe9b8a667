import BatchAPI

/// The `labelSelector` of a query: `a=b,c!=d,e in (f,g),h notin (i),j,!k`.
enum LabelSelectorText {
    /// What the text demands; nil for no text at all.
    static func parse(_ text: String?) throws(APIStatus) -> LabelSelector? {
        guard let text, !text.trimmingSpaces.isEmpty else { return nil }
        var parser = SelectorParser(text)
        let expressions = try parser.parse()
        guard let selector = LabelSelector(["matchExpressions": .array(expressions)]) else { throw failure("unreadable selector \"\(text)\"") }
        return selector
    }

    static func failure(_ detail: String) -> APIStatus { .badRequest("unable to parse requirement: \(detail)") }
}

/// One pass over the tokens of a selector.
private struct SelectorParser {
    private enum Token: Equatable {
        case word(String), symbol(String), end

        var shown: String {
            switch self {
            case .word(let text), .symbol(let text): text
            case .end: ""
            }
        }
    }

    // Not characters: a mark that combines with a comma does not make it another sign.
    private var rest: Substring.UnicodeScalarView

    init(_ text: String) { rest = text.unicodeScalars[...] }

    mutating func parse() throws(APIStatus) -> [Value] {
        var expressions: [Value] = []
        while true {
            expressions.append(try requirement())
            switch next() {
            case .end: return expressions
            case .symbol(","): continue
            case let token: throw LabelSelectorText.failure("found '\(token.shown)', expected: ',' or 'end of string'")
            }
        }
    }

    private mutating func requirement() throws(APIStatus) -> Value {
        var token = next()
        let isNegated = token == .symbol("!")
        if isNegated { token = next() }
        guard case .word(let key) = token else { throw LabelSelectorText.failure("found '\(token.shown)', expected: identifier") }
        try check(key, NameRules.labelKey(key), at: "<nil>")
        if isNegated { return try expression(key, "DoesNotExist", []) }
        switch peek() {
        case .end, .symbol(","): return try expression(key, "Exists", [])
        default: return try comparison(key, next())
        }
    }

    private mutating func comparison(_ key: String, _ operation: Token) throws(APIStatus) -> Value {
        switch operation {
        case .symbol("="), .symbol("=="): return try expression(key, "In", [value()])
        case .symbol("!="): return try expression(key, "NotIn", [value()])
        case .word("in"): return try expression(key, "In", values())
        case .word("notin"): return try expression(key, "NotIn", values())
        default: throw LabelSelectorText.failure("found '\(operation.shown)', expected: in, notin, =, ==, !=")
        }
    }

    /// An empty value is one: `a=`.
    private mutating func value() throws(APIStatus) -> String {
        switch peek() {
        case .end, .symbol(","): return ""
        default: break
        }
        let token = next()
        guard case .word(let text) = token else { throw LabelSelectorText.failure("found '\(token.shown)', expected: identifier") }
        return text
    }

    private mutating func values() throws(APIStatus) -> [String] {
        let opening = next()
        guard opening == .symbol("(") else { throw LabelSelectorText.failure("found '\(opening.shown)', expected: '('") }
        var values: [String] = []
        while true {
            if peek() == .symbol(")") || peek() == .symbol(",") { values.append("") } else { values.append(try value()) }
            switch next() {
            case .symbol(")"): return values
            case .symbol(","): continue
            case let token: throw LabelSelectorText.failure("found '\(token.shown)', expected: ',', or ')'")
            }
        }
    }

    private func expression(_ key: String, _ operation: String, _ values: [String]) throws(APIStatus) -> Value {
        for (at, value) in values.enumerated() { try check(value, NameRules.labelValue(value), at: "values[\(at)][\(key)]") }
        return ["key": .string(key), "operator": .string(operation), "values": .strings(values)]
    }

    private func check(_ text: String, _ problems: [String], at place: String) throws(APIStatus) {
        guard !problems.isEmpty else { return }
        throw LabelSelectorText.failure("\(place): Invalid value: \(Value.string(text).encoded()): \(problems.joined(separator: "; "))")
    }

    private func peek() -> Token {
        var copy = self
        return copy.next()
    }

    private mutating func next() -> Token {
        rest = rest.drop { " \t\r\n".unicodeScalars.contains($0) }
        guard let first = rest.first else { return .end }
        for symbol in ["==", "!=", "=", "!", "(", ")", ","] where rest.starts(with: symbol.unicodeScalars) {
            rest = rest.dropFirst(symbol.unicodeScalars.count)
            return .symbol(symbol)
        }
        let word = rest.prefix { !" \t\r\n=!(),".unicodeScalars.contains($0) }
        rest = rest.dropFirst(max(1, word.count))
        return word.isEmpty ? .symbol(String(first)) : .word(String(word))
    }
}
