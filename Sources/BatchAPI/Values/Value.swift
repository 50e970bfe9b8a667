/// A JSON value. Every API object is one of these on the wire and in the store; the typed objects of this
/// module are views of it.
public enum Value: Sendable, Hashable {
    case null
    case bool(Bool)
    /// A number without fraction and exponent.
    case int(Int64)
    /// Any other number.
    case double(Double)
    case string(String)
    case array([Value])
    case object([String: Value])
}

extension Value {
    /// The member `key` of an object; nil where it is absent or this is no object. Writing nil removes the
    /// member; writing to anything but an object makes it one.
    public subscript(_ key: String) -> Value? {
        get {
            guard case .object(let members) = self else { return nil }
            return members[key]
        }
        set {
            guard case .object(var members) = self else {
                self = newValue.map { .object([key: $0]) } ?? .object([:])
                return
            }
            self = .null // Gives up the second reference, so that the dictionary changes in place.
            members[key] = newValue
            self = .object(members)
        }
    }

    /// The text of a string, else nil.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The number of an integer, else nil.
    public var int: Int? {
        guard case .int(let number) = self else { return nil }
        return Int(number)
    }

    /// The truth value of a boolean, else nil.
    public var bool: Bool? {
        guard case .bool(let flag) = self else { return nil }
        return flag
    }

    /// The elements of an array, else nil.
    public var array: [Value]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object, else nil.
    public var object: [String: Value]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// Whether this is null.
    public var isNull: Bool { self == .null }

    /// The members of an object whose values are strings, others left out; empty for anything else.
    public var stringMap: [String: String] { (object ?? [:]).compactMapValues(\.string) }

    /// The strings of an array, others left out; empty for anything else.
    public var strings: [String] { (array ?? []).compactMap(\.string) }

    /// An object of strings.
    public static func strings(_ map: [String: String]) -> Value { .object(map.mapValues { .string($0) }) }

    /// An array of strings.
    public static func strings(_ list: [String]) -> Value { .array(list.map { .string($0) }) }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral text: String) { self = .string(text) }
    public init(integerLiteral number: Int64) { self = .int(number) }
    public init(booleanLiteral flag: Bool) { self = .bool(flag) }
    public init(arrayLiteral elements: Value...) { self = .array(elements) }

    /// The last of several equal keys wins.
    public init(dictionaryLiteral members: (String, Value)...) {
        self = .object(Dictionary(members, uniquingKeysWith: { $1 }))
    }
}
