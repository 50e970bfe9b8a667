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

    private var rest: Substring

    init(_ text: String) { rest = text[...] }

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
        if isNegated { return expression(key, "DoesNotExist", []) }
        switch peek() {
        case .end, .symbol(","): return expression(key, "Exists", [])
        default: return try comparison(key, next())
        }
    }

    private mutating func comparison(_ key: String, _ operation: Token) throws(APIStatus) -> Value {
        switch operation {
        case .symbol("="), .symbol("=="): return expression(key, "In", [try value()])
        case .symbol("!="): return expression(key, "NotIn", [try value()])
        case .word("in"): return expression(key, "In", try values())
        case .word("notin"): return expression(key, "NotIn", try values())
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

    private func expression(_ key: String, _ operation: String, _ values: [String]) -> Value {
        ["key": .string(key), "operator": .string(operation), "values": .strings(values)]
    }

    private func peek() -> Token {
        var copy = self
        return copy.next()
    }

    private mutating func next() -> Token {
        rest = rest.drop { $0 == " " || $0 == "\t" }
        guard let first = rest.first else { return .end }
        for symbol in ["==", "!=", "=", "!", "(", ")", ","] where rest.hasPrefix(symbol) {
            rest = rest.dropFirst(symbol.count)
            return .symbol(symbol)
        }
        let word = rest.prefix { !" \t=!(),".contains($0) }
        rest = rest.dropFirst(max(1, word.count))
        return word.isEmpty ? .symbol(String(first)) : .word(String(word))
    }
}
