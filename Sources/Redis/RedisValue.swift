/// A reply of Redis (RESP 2).
///
/// A bulk string is `.string` if it is valid UTF-8 (up to 15 bytes then need no allocation), else `.binary`.
/// Read one whose bytes may be anything by `bytes`, which takes both.
public enum RedisValue: Sendable, Hashable {
    /// The nil bulk string or nil array.
    case null
    /// An integer.
    case integer(Int64)
    /// A simple string, such as `OK`.
    case status(String)
    /// A bulk string that is valid UTF-8.
    case string(String)
    /// A bulk string that is not valid UTF-8.
    case binary([UInt8])
    /// An array.
    case array([RedisValue])
    /// An error reply inside an array; as a whole reply it makes the call throw `.server` instead.
    case error(String)
}

extension RedisValue {
    /// Whether this is nil.
    public var isNull: Bool { self == .null }

    /// The number: of an integer, or of a string that holds a decimal integer.
    public var int: Int? {
        switch self {
        case .integer(let number): Int(number)
        case .string(let text), .status(let text): Int(text)
        default: nil
        }
    }

    /// The text of a bulk or simple string, nil if it isn't valid UTF-8.
    public var string: String? {
        switch self {
        case .string(let text), .status(let text): text
        default: nil
        }
    }

    /// The bytes of a bulk or simple string.
    public var bytes: [UInt8]? {
        switch self {
        case .binary(let bytes): bytes
        case .string(let text), .status(let text): Array(text.utf8)
        default: nil
        }
    }

    /// The elements of an array.
    public var array: [RedisValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The error that an error reply inside an array stands for.
    public var error: RedisError? {
        guard case .error(let text) = self else { return nil }
        return .reply(text)
    }
}

extension RedisValue {
    /// The number, as `int`.
    /// - Throws: `.unexpectedReply` if this is none, `.server` if it is an error reply.
    public func expectInt(file: String = #fileID, line: UInt = #line) throws(RedisError) -> Int {
        guard let int else { throw unexpected("an integer", file, line) }
        return int
    }

    /// The text, as `string`.
    /// - Throws: `.unexpectedReply` if this is none, `.server` if it is an error reply.
    public func expectString(file: String = #fileID, line: UInt = #line) throws(RedisError) -> String {
        guard let string else { throw unexpected("a string", file, line) }
        return string
    }

    /// The bytes, as `bytes`.
    /// - Throws: `.unexpectedReply` if this is no string, `.server` if it is an error reply.
    public func expectBytes(file: String = #fileID, line: UInt = #line) throws(RedisError) -> [UInt8] {
        guard let bytes else { throw unexpected("a string", file, line) }
        return bytes
    }

    /// The elements, as `array`.
    /// - Throws: `.unexpectedReply` if this is none, `.server` if it is an error reply.
    public func expectArray(file: String = #fileID, line: UInt = #line) throws(RedisError) -> [RedisValue] {
        guard let array else { throw unexpected("an array", file, line) }
        return array
    }

    private func unexpected(_ wanted: String, _ file: String, _ line: UInt) -> RedisError {
        if let error { return error.at(file, line) }
        return RedisError(.unexpectedReply, "expected \(wanted), got \(kind)", file: file, line: line)
    }

    private var kind: String {
        switch self {
        case .null: "nil"
        case .integer: "an integer"
        case .status, .string: "a string"
        case .binary: "a string that is not UTF-8"
        case .array(let elements): "an array of \(elements.count)"
        case .error: "an error"
        }
    }
}
