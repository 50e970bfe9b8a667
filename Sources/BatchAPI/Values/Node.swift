/// A place in a text; both count from 1, the column in bytes (JSON) or characters (YAML).
public struct Mark: Sendable, Hashable {
    public var line: Int
    public var column: Int

    /// A place in a text.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// A text that is no JSON or YAML.
public struct SyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, in a few words.
    public var message: String
    /// Where it is wrong.
    public var mark: Mark

    /// An error at a place.
    public init(_ message: String, at mark: Mark) {
        self.message = message
        self.mark = mark
    }

    public var description: String { "line \(mark.line), column \(mark.column): \(message)" }
}

/// A value that remembers where each part of it stood in its text, and keys that came twice.
public struct Node: Sendable {
    /// What a node holds.
    public enum Content: Sendable {
        /// Null, a boolean, a number or a string.
        case scalar(Value)
        case array([Node])
        /// In the order of the text, duplicate keys included.
        case object([Member])
    }

    /// One key of an object with its value.
    public struct Member: Sendable {
        public var key: String
        public var mark: Mark
        public var value: Node
    }

    /// What the node holds.
    public var content: Content
    /// Where the node starts.
    public var mark: Mark

    /// The plain value; of equal keys the last wins.
    public var value: Value {
        switch content {
        case .scalar(let value): value
        case .array(let elements): .array(elements.map(\.value))
        case .object(let members): .object(Dictionary(members.map { ($0.key, $0.value.value) }, uniquingKeysWith: { $1 }))
        }
    }

    /// The member `key` of an object (the last, if it came twice).
    public subscript(_ key: String) -> Node? {
        guard case .object(let members) = content else { return nil }
        return members.last { $0.key == key }?.value
    }

    /// The text of a string, else nil.
    public var string: String? {
        guard case .scalar(.string(let text)) = content else { return nil }
        return text
    }

    /// The elements of an array, else nil.
    var listElements: [Node]? {
        guard case .array(let elements) = content else { return nil }
        return elements
    }

    /// Whether this is null.
    public var isNull: Bool {
        guard case .scalar(.null) = content else { return false }
        return true
    }
}
