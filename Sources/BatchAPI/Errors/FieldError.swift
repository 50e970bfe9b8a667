/// One violated rule of an object, as the `causes` of a 422 answer hold it (§1.6).
public struct FieldError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The class of an error; its raw value is the reason on the wire.
    public enum Reason: String, Sendable, Hashable {
        case invalid = "FieldValueInvalid"
        case required = "FieldValueRequired"
        case notSupported = "FieldValueNotSupported"
        case duplicate = "FieldValueDuplicate"
        case forbidden = "FieldValueForbidden"
        case notFound = "FieldValueNotFound"
        case tooMany = "FieldValueTooMany"
        case tooLong = "FieldValueTooLong"
        case typeInvalid = "FieldValueTypeInvalid"
        case internalError = "InternalError"
    }

    public var reason: Reason
    /// The path, as `spec.template.spec.containers[0].name`.
    public var field: String
    /// The text after the path, as `Invalid value: -1: must be greater than or equal to 0`.
    public var message: String

    /// An error of its parts.
    public init(reason: Reason, field: String, message: String) {
        self.reason = reason
        self.field = field
        self.message = message
    }

    public var description: String { "\(field): \(message)" }
}

extension FieldError {
    /// A value that breaks a rule; without value for errors about a whole object.
    public static func invalid(_ field: String, _ value: Value?, _ detail: String) -> FieldError {
        let shown = value.map { $0.encoded() + ": " } ?? ""
        return FieldError(reason: .invalid, field: field, message: "Invalid value: \(shown)\(detail)")
    }

    /// A value that breaks a rule, its text form given.
    public static func invalid(_ field: String, shown: String, _ detail: String) -> FieldError {
        FieldError(reason: .invalid, field: field, message: "Invalid value: \(shown): \(detail)")
    }

    /// A field that must be there.
    public static func required(_ field: String, _ detail: String = "") -> FieldError {
        FieldError(reason: .required, field: field, message: detail.isEmpty ? "Required value" : "Required value: \(detail)")
    }

    /// A value outside a fixed set.
    public static func notSupported(_ field: String, _ value: String, _ supported: [String]) -> FieldError {
        let list = supported.map(quoted).joined(separator: ", ")
        return FieldError(reason: .notSupported, field: field, message: "Unsupported value: \(quoted(value)): supported values: \(list)")
    }

    /// A value that occurs twice in a list.
    public static func duplicate(_ field: String, _ value: Value) -> FieldError {
        FieldError(reason: .duplicate, field: field, message: "Duplicate value: \(value.encoded())")
    }

    /// A field that must not be set here.
    public static func forbidden(_ field: String, _ detail: String) -> FieldError {
        FieldError(reason: .forbidden, field: field, message: "Forbidden: \(detail)")
    }

    /// A reference to something that isn't there.
    public static func notFound(_ field: String, _ value: Value) -> FieldError {
        FieldError(reason: .notFound, field: field, message: "Not found: \(value.encoded())")
    }

    /// A list of more than `limit` items.
    public static func tooMany(_ field: String, _ count: Int, limit: Int) -> FieldError {
        FieldError(reason: .tooMany, field: field, message: "Too many: \(count): must have at most \(limit) items")
    }

    /// A text of more than `limit` bytes.
    public static func tooLong(_ field: String, limit: Int) -> FieldError {
        FieldError(reason: .tooLong, field: field, message: "Too long: may not be more than \(limit) bytes")
    }

    private static func quoted(_ text: String) -> String { Value.string(text).encoded() }
}
