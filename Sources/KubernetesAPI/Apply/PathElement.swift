import BatchAPI

/// One step of the path to a field, as `fieldsV1` names it.
enum PathElement: Sendable, Hashable {
    /// A member of an object.
    case field(String)
    /// The item of a keyed list, by the JSON of its key fields: `{"name":"c"}`. Made by `keyed(by:)`, so that equal
    /// keys have equal text.
    case key(String)
    /// The item of a set, by its own JSON.
    case value(String)
    /// The item of any other list.
    case index(Int)

    /// The item of a keyed list whose key fields are these.
    static func keyed(by members: [String: Value]) -> PathElement { .key(Value.object(members.mapValues(\.canonical)).encoded()) }

    /// The item of a set.
    static func item(_ item: Value) -> PathElement { .value(item.canonical.encoded()) }
}

extension PathElement {
    /// Text that is none of the forms that are written.
    struct Malformed: Error {}

    /// Reads one name of `fieldsV1`: `f:spec`, `k:{...}`, `v:...`, `i:0`; nil for a kind that is not known.
    init?(fieldsV1 text: String) throws(Malformed) {
        let bytes = text.utf8
        guard bytes.count >= 2, bytes.dropFirst().first == UInt8(ascii: ":") else { throw Malformed() }
        let rest = bytes.dropFirst(2)
        switch bytes.first {
        case UInt8(ascii: "f"): self = .field(String(Substring(rest)))
        case UInt8(ascii: "k"): self = .keyed(by: try Self.members(rest))
        case UInt8(ascii: "v"): self = .item(try Self.json(rest))
        case UInt8(ascii: "i"):
            guard let number = Int(Substring(rest)) else { throw Malformed() }
            self = .index(number)
        default: return nil
        }
    }

    /// The name in `fieldsV1`.
    var fieldsV1: String {
        switch self {
        case .field(let name): "f:" + name
        case .key(let json): "k:" + json
        case .value(let json): "v:" + json
        case .index(let number): "i:" + String(number)
        }
    }

    private static func members(_ text: Substring.UTF8View) throws(Malformed) -> [String: Value] {
        guard case .object(let members) = try json(text) else { throw Malformed() }
        return members
    }

    private static func json(_ text: Substring.UTF8View) throws(Malformed) -> Value {
        do throws(SyntaxError) { return try Value.parse(json: Array(text)) } catch { throw Malformed() }
    }
}

extension PathElement: Comparable, CustomStringConvertible {
    /// Fields, then keys, then values, then indexes; each in the order of its text or number.
    static func < (left: PathElement, right: PathElement) -> Bool {
        switch (left, right) {
        case (.field(let left), .field(let right)), (.key(let left), .key(let right)), (.value(let left), .value(let right)): left < right
        case (.index(let left), .index(let right)): left < right
        default: left.rank < right.rank
        }
    }

    private var rank: Int {
        switch self {
        case .field: 0
        case .key: 1
        case .value: 2
        case .index: 3
        }
    }

    /// As messages show it: `.spec`, `[name="c"]`, `[="x"]`, `[0]`.
    var description: String {
        switch self {
        case .field(let name): return ".\(name)"
        case .value(let json): return "[=\(json)]"
        case .index(let number): return "[\(number)]"
        case .key(let json):
            let members = (try? Value.parse(json: Array(json.utf8)))?.object ?? [:]
            return "[\(members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.encoded())" }.joined(separator: ","))]"
        }
    }
}

extension Value {
    /// A number that is whole as integer, so that equal numbers have equal text.
    fileprivate var canonical: Value {
        guard case .double(let number) = self, let whole = Int64(exactly: number) else { return self }
        return .int(whole)
    }
}
