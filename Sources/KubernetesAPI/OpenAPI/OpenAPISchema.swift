import BatchAPI

/// A type of `Schema` in the words of OpenAPI 3.0.
struct OpenAPISchema {
    /// As in `Schema`: "Job", "events.Event"; "JobList" for the list of a kind.
    var type: String
    var value: Value
    /// The types that this one refers to.
    private(set) var references: Set<String> = []

    /// Nil for a type that nobody knows. `groups` are those in whose document the schema stands.
    init?(_ type: String, groups: [String] = []) {
        self.type = type
        value = .null
        if let scalar = Self.scalars[type] {
            value = scalar
        } else if let fields = Self.fields(of: type) {
            value = object(fields)
            value["x-kubernetes-group-version-kind"] = OpenAPIKinds.identity(of: type, groups: groups)
        } else {
            return nil
        }
        value["description"] = OpenAPITexts.text(type).map { .string($0) }
    }

    /// A list of a kind has no table of its own.
    static func fields(of type: String) -> Schema.Fields? {
        if let fields = Schema.fields(of: type) { return fields }
        guard let item = OpenAPIKinds.item(ofList: type) else { return nil }
        return ["apiVersion": .string, "items": .list(.object(item)), "kind": .string, "metadata": .object("ListMeta")]
    }

    private static let scalars: [String: Value] = [
        "FieldsV1": ["type": "object"], "Patch": ["type": "object"], "RawExtension": ["type": "object"],
        "IntOrString": ["format": "int-or-string", "oneOf": [["type": "integer"], ["type": "string"]]],
        "MicroTime": ["format": "date-time", "type": "string"], "Time": ["format": "date-time", "type": "string"],
        "Quantity": ["oneOf": [["type": "string"], ["type": "number"]]],
    ]

    private mutating func object(_ fields: Schema.Fields) -> Value {
        var members = OpenAPILists.extensions(of: type)
        members["type"] = "object"
        members["properties"] = .object(Dictionary(uniqueKeysWithValues: fields.map { ($0.key, property($0.key, $0.value)) }))
        members["required"] = (isList ? ["items"] : OpenAPIRequired.fields[type]).map { .strings($0) }
        return .object(members)
    }

    private var isList: Bool { OpenAPIKinds.item(ofList: type) != nil }

    private mutating func property(_ name: String, _ fieldType: Schema.FieldType) -> Value {
        var schema = element(fieldType)
        // Nothing may stand beside a bare reference.
        if schema["$ref"] != nil { schema = ["allOf": [schema]] }
        if !isList {
            for (key, value) in OpenAPILists.extensions(type, name, fieldType) { schema[key] = value }
        }
        addWords(name, to: &schema)
        schema["default"] = OpenAPIDefaults.value(type, name, fieldType)
        schema["description"] = OpenAPITexts.text(type, name).map { .string($0) }
        return schema
    }

    private func addWords(_ name: String, to schema: inout Value) {
        guard let words = OpenAPIEnums.words["\(type).\(name)"] else { return }
        for member in ["items", "additionalProperties"] {
            guard var inner = schema[member] else { continue }
            inner["enum"] = .strings(words)
            schema[member] = inner
            return
        }
        schema["enum"] = .strings(words)
    }

    private mutating func element(_ fieldType: Schema.FieldType) -> Value {
        switch fieldType {
        case .string: return ["type": "string"]
        case .int32: return ["type": "integer", "format": "int32"]
        case .int64: return ["type": "integer", "format": "int64"]
        case .bool: return ["type": "boolean"]
        case .double: return ["type": "number", "format": "double"]
        case .bytes: return ["type": "string", "format": "byte"]
        case .quantity: return reference("Quantity")
        case .intOrString: return reference("IntOrString")
        case .time: return reference("Time")
        case .microTime: return reference("MicroTime")
        case .any: return reference(type == "WatchEvent" ? "RawExtension" : "FieldsV1")
        case .map(let inner): return ["type": "object", "additionalProperties": element(inner)]
        case .list(let inner, _), .set(let inner): return ["type": "array", "items": element(inner)]
        case .object(let name): return reference(name)
        }
    }

    private mutating func reference(_ name: String) -> Value {
        references.insert(name)
        return OpenAPINames.reference(name)
    }
}

extension OpenAPISchema {
    /// The schemas of these types and of all that they refer to, by full name.
    static func reachable(from types: Set<String>, groups: [String]) -> [String: Value] {
        var waiting = types, found: [String: Value] = [:]
        while let type = waiting.popFirst() {
            guard found[OpenAPINames.full(type)] == nil, let schema = OpenAPISchema(type, groups: groups) else { continue }
            found[OpenAPINames.full(type)] = schema.value
            waiting.formUnion(schema.references)
        }
        return found
    }
}
