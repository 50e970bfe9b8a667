extension RedisAddress {
    static func invalid(_ what: String) -> RedisError { RedisError(.invalidURL, "the Redis address \(what)") }

    /// Splits `login@rest` at the last `@`, as a password may hold one.
    static func splitLogin(_ text: Substring) -> (login: Substring?, rest: Substring) {
        guard let at = text.lastIndex(of: "@") else { return (nil, text) }
        return (text[..<at], text[text.index(after: at)...])
    }

    static func credentials(_ login: Substring?) throws(RedisError) -> (String?, String?) {
        guard let login else { return (nil, nil) }
        let (user, password) = login.split(at: ":")
        let name = try decoded(user)
        let secret: String? = if let password { try decoded(password) } else { nil }
        return (name.isEmpty ? nil : name, secret)
    }

    static func hostAndPort(_ text: Substring) throws(RedisError) -> Endpoint {
        let bracket = text.first == "[" ? text.firstIndex(of: "]") : nil
        if let bracket {
            let host = text[text.index(after: text.startIndex)..<bracket]
            let tail = text[text.index(after: bracket)...]
            guard tail.isEmpty || tail.first == ":" else { throw invalid("has text between ] and the port") }
            return .tcp(host: try nonEmpty(host), port: try port(tail.isEmpty ? nil : tail.dropFirst()))
        }
        let (host, number) = text.split(at: ":")
        return .tcp(host: try nonEmpty(host), port: try port(number))
    }

    private static func nonEmpty(_ host: Substring) throws(RedisError) -> String {
        guard !host.isEmpty else { throw invalid("names no host") }
        return String(host)
    }

    private static func port(_ text: Substring?) throws(RedisError) -> Int {
        guard let text else { return 6379 }
        guard let port = Int(text), (1...65535).contains(port) else { throw invalid("has a bad port (1...65535)") }
        return port
    }

    static func database(_ text: Substring) throws(RedisError) -> Int {
        if text.isEmpty { return 0 }
        guard let number = Int(text), (0...Int(Int32.max)).contains(number) else { throw invalid("has a bad database number") }
        return number
    }

    static func database(query: Substring?) throws(RedisError) -> Int {
        guard let query else { return 0 }
        let (key, value) = query.split(at: "=")
        guard key == "db", let value else { throw invalid("has an unknown query; only ?db=N is known") }
        return try database(value)
    }

    /// Undoes percent-encoding.
    static func decoded(_ text: Substring) throws(RedisError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else { bytes.append(byte); continue }
            let digits = rest.prefix(2)
            guard digits.count == 2, let value = UInt8(String(Substring(digits)), radix: 16) else {
                throw invalid("has a bad % escape")
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let result = String(validating: bytes, as: UTF8.self) else { throw invalid("is not valid UTF-8") }
        return result
    }
}

extension Substring {
    /// The text before the first `mark`, and the text after it, nil if there is no mark.
    func split(at mark: Character) -> (Substring, Substring?) {
        guard let index = firstIndex(of: mark) else { return (self, nil) }
        return (self[..<index], self[self.index(after: index)...])
    }
}
