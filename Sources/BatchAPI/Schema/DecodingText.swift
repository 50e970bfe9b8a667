extension Schema.Problem {
    /// The problem in the words of a Kubernetes 400 answer or Warning header: `unknown field "spec.x"`,
    /// `duplicate field "spec.x"`, `json: cannot unmarshal string into Go struct field JobSpec.spec.x of type int32`.
    public var decodingText: String {
        switch kind {
        case .unknownField: "unknown field \"\(path)\""
        case .duplicateField: "duplicate field \"\(path)\""
        case .wrongType, .badValue:
            if case .quantity = expected, kind == .badValue {
                String(message.drop { $0 != ":" }.dropFirst(2))
            } else {
                "json: cannot unmarshal \(jsonWord) into Go struct field \(owner).\(path) of type \(expected.goName)"
            }
        }
    }

    /// Whether Kubernetes refuses the body whatever `fieldValidation` says.
    public var isFatal: Bool { kind == .wrongType || kind == .badValue }

    private var jsonWord: String {
        switch found {
        case .null: "null"
        case .bool: "bool"
        case .int(let number): wantsNumber ? "number \(number)" : "number"
        case .double(let number): wantsNumber ? "number \(number)" : "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    private var wantsNumber: Bool { expected == .int32 || expected == .int64 }
}

extension Schema.FieldType {
    /// The type as a Go program names it.
    fileprivate var goName: String {
        switch self {
        case .string: "string"
        case .int32: "int32"
        case .int64: "int64"
        case .bool: "bool"
        case .double: "float64"
        case .quantity: "resource.Quantity"
        case .intOrString: "intstr.IntOrString"
        case .time: "v1.Time"
        case .microTime: "v1.MicroTime"
        case .bytes: "[]uint8"
        case .any: "interface {}"
        case .map(let element): "map[string]\(element.goName)"
        case .list(let element, _), .set(let element): "[]\(element.goName)"
        case .object(let name): "v1.\(name)"
        }
    }
}
