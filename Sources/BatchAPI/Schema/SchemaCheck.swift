extension Schema {
    /// One way in which a text fails to be an object of its type.
    public struct Problem: Sendable, Hashable {
        /// What is wrong.
        public enum Kind: Sendable, Hashable {
            /// No such field in `owner`.
            case unknownField
            /// A key that came before in the same object.
            case duplicateField
            /// A value of another type than `expected`.
            case wrongType
            /// A value of the right type that is no number of the field's range, no quantity, time or base64, or holds a NUL.
            case badValue
        }

        public var kind: Kind
        /// The path, as `spec.template.spec.containers[0].name`.
        public var path: String
        /// Where in the text.
        public var mark: Mark
        /// What is wrong, in a few words, without path.
        public var message: String
        /// The type whose field this is, as "JobSpec"; empty outside of known types.
        public var owner: String
        /// The type of the field.
        public var expected: FieldType
        /// The value found, scalars in full.
        public var found: Value
    }

    /// Walks a text's nodes along a type's fields. An empty answer means that the object can be decoded.
    /// Null is accepted for every field, as by Kubernetes.
    public static func check(_ node: Node, as type: String) -> [Problem] {
        var checker = SchemaChecker()
        checker.check(node, as: .object(type), path: "", owner: "")
        return checker.problems
    }
}

/// The walk behind `Schema.check`; its depth is that of the text, which the parsers bound.
struct SchemaChecker {
    private(set) var problems: [Schema.Problem] = []

    mutating func check(_ node: Node, as type: Schema.FieldType, path: String, owner: String) {
        switch (node.content, type) {
        case (.scalar(.null), _): return
        case (.object(let members), .object(let name)):
            checkFields(members, of: name, path: path)
        case (.object(let members), .map(let element)):
            checkDuplicates(members, path: path, owner: owner, brackets: true)
            for member in members { check(member.value, as: element, path: "\(path)[\(member.key)]", owner: owner) }
        case (.object(let members), .any):
            checkDuplicates(members, path: path, owner: owner, brackets: false)
            for member in members { check(member.value, as: .any, path: Self.join(path, member.key), owner: owner) }
        case (.array(let elements), .list(let element, _)), (.array(let elements), .set(let element)):
            checkElements(elements, as: element, path: path, owner: owner)
        case (.array(let elements), .any):
            checkElements(elements, as: .any, path: path, owner: owner)
        case (.scalar(let value), _):
            if let found = SchemaScalars.problem(value, type) { report(node, found.kind, found.message, type, path, owner) }
        default:
            report(node, .wrongType, "expected \(type.words), found \(node.words)", type, path, owner)
        }
    }

    private mutating func checkElements(_ elements: [Node], as type: Schema.FieldType, path: String, owner: String) {
        for (position, element) in elements.enumerated() {
            check(element, as: type, path: "\(path)[\(position)]", owner: owner)
        }
    }

    private mutating func checkFields(_ members: [Node.Member], of name: String, path: String) {
        guard let fields = Schema.fields(of: name) else { return }
        checkDuplicates(members, path: path, owner: name, brackets: false)
        for member in members {
            let memberPath = Self.join(path, member.key)
            if let type = fields[member.key] {
                check(member.value, as: type, path: memberPath, owner: name)
            } else {
                problems.append(.init(
                    kind: .unknownField, path: memberPath, mark: member.mark, message: "unknown field",
                    owner: name, expected: .any, found: member.value.shownValue))
            }
        }
    }

    private mutating func checkDuplicates(_ members: [Node.Member], path: String, owner: String, brackets: Bool) {
        var seen: Set<String> = []
        for member in members where !seen.insert(member.key).inserted {
            problems.append(.init(
                kind: .duplicateField, path: brackets ? "\(path)[\(member.key)]" : Self.join(path, member.key),
                mark: member.mark, message: "duplicate key", owner: owner, expected: .any, found: member.value.shownValue))
        }
    }

    private mutating func report(
        _ node: Node, _ kind: Schema.Problem.Kind, _ message: String, _ type: Schema.FieldType, _ path: String, _ owner: String
    ) {
        problems.append(.init(
            kind: kind, path: path, mark: node.mark, message: message, owner: owner, expected: type, found: node.shownValue))
    }

    private static func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}

extension Node {
    /// A scalar, or an empty container in place of a full one, which may be large.
    fileprivate var shownValue: Value {
        switch content {
        case .scalar(let value): value
        case .array: .array([])
        case .object: .object([:])
        }
    }

    /// The node in a message: `string "three"`.
    var words: String { shownValue.words }
}

extension Value {
    /// The value in a message: `string "three"`, `integer 3`, `a list`.
    var words: String {
        switch self {
        case .null: "null"
        case .bool(let flag): "boolean \(flag)"
        case .int(let number): "integer \(number)"
        case .double(let number): "number \(number)"
        case .string(let text): "string \(Value.string(text.count > 60 ? text.prefix(60) + "..." : text).encoded())"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

extension Schema.FieldType {
    /// The type in a message: `an integer`.
    var words: String {
        switch self {
        case .string, .bytes: "a string"
        case .int32, .int64: "an integer"
        case .bool: "a boolean (true or false)"
        case .double: "a number"
        case .quantity: "a quantity"
        case .intOrString: "an integer or a string"
        case .time, .microTime: "a time"
        case .any: "anything"
        case .map, .object: "an object"
        case .list, .set: "a list"
        }
    }
}
