import BatchAPI

/// A request as the routes see it: no socket, no framework.
struct APIRequest: Sendable {
    enum Method: String, Sendable {
        case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE"
    }

    /// Nil for methods that no resource knows (HEAD, OPTIONS ...).
    var method: Method?
    /// The segments of the path, percent-decoded; empty ones (a trailing slash) left out.
    var path: [String]
    var query: Query
    var accept: String
    var contentType: String
    /// The program that asks, with its version.
    var userAgent: String
    var body: [UInt8]
    /// What follows `body`, part by part, where the body is not read beforehand (see `API.readsParts`); nil from it: the end.
    var more: (@Sendable () async throws -> [UInt8]?)?

    /// A request for a path with its query, as on the request line.
    init(
        _ method: Method?, _ target: String, accept: String = "", contentType: String = "", userAgent: String = "", body: [UInt8] = []
    ) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.method = method
        path = (parts.first ?? "").split(separator: "/").map { Query.decode($0, plusIsSpace: false) }
        query = Query(parts.count > 1 ? parts[1] : "")
        (self.accept, self.contentType, self.userAgent, self.body, more) = (accept, contentType, userAgent, body, nil)
    }

    /// The body's media type without parameters, in lower case; "" where none is named.
    var mediaType: String {
        (contentType.split(separator: ";").first ?? "").trimmingSpaces.lowercased()
    }
}

/// The query of a request line.
struct Query: Sendable {
    private let items: [(name: String, value: String)]

    init(_ text: some StringProtocol) {
        items = text.split(separator: "&").map { item in
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decode(pair[0]), pair.count > 1 ? Self.decode(pair[1]) : "")
        }
    }

    /// The first value of a name; nil if it isn't there.
    subscript(_ name: String) -> String? { items.first { $0.name == name }?.value }

    /// All values of a name.
    func all(_ name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }

    /// A truth value as Go reads it: present without a value counts as true, anything unreadable as false.
    func flag(_ name: String) -> Bool {
        guard let text = self[name] else { return false }
        return ["", "1", "t", "T", "true", "TRUE", "True"].contains(text)
    }

    /// A number; nil if it isn't there.
    func number(_ name: String) throws(APIStatus) -> Int? {
        guard let text = self[name], !text.isEmpty else { return nil }
        guard let number = Int(text) else { throw .badRequest("strconv.ParseInt: parsing \"\(text)\": invalid syntax") }
        return number
    }

    /// Percent-decoding; what is no valid escape stays as it is, bytes that are no UTF-8 are replaced.
    static func decode(_ text: some StringProtocol, plusIsSpace: Bool = true) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let high = hex(rest[rest.startIndex]), let low = hex(rest[rest.startIndex + 1]) {
                bytes.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension StringProtocol {
    /// Without spaces and tabs at both ends.
    var trimmingSpaces: String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let tail = drop(while: isSpace)
        return String(String(tail.reversed()).drop(while: isSpace).reversed())
    }
}
