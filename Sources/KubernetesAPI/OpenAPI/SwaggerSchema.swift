import BatchAPI

/// A schema of OpenAPI 3.0 as a protobuf message of OpenAPI 2.0, which knows neither defaults beside a reference nor alternatives.
enum SwaggerSchema {
    static func write(_ schema: Value, to message: inout ProtobufWriter) {
        message.text(1, reference(schema))
        message.text(2, schema["format"]?.string)
        message.text(4, schema["description"]?.string)
        for field in schema["required"]?.strings ?? [] { message.text(19, field) }
        if let inner = schema["additionalProperties"] { message.message(21) { $0.message(1) { write(inner, to: &$0) } } }
        if let type = type(schema) { message.message(22) { $0.text(1, type) } }
        if let inner = schema["items"] { message.message(23) { $0.message(1) { write(inner, to: &$0) } } }
        if let members = schema["properties"]?.object { message.message(25) { write(members, to: &$0) } }
        writeExtensions(schema, 31, to: &message)
    }

    /// Schemas by name.
    static func write(_ schemas: [String: Value], to message: inout ProtobufWriter) {
        for (name, schema) in schemas.sorted(by: { $0.key < $1.key }) {
            message.message(1) { named in
                named.text(1, name)
                named.message(2) { write(schema, to: &$0) }
            }
        }
    }

    /// The members whose names begin with x-; JSON is YAML.
    static func writeExtensions(_ value: Value, _ number: UInt64, to message: inout ProtobufWriter) {
        for (name, value) in (value.object ?? [:]).filter({ $0.key.hasPrefix("x-") }).sorted(by: { $0.key < $1.key }) {
            message.message(number) { named in
                named.text(1, name)
                named.message(2) { $0.text(2, value.encoded()) }
            }
        }
    }

    private static func reference(_ schema: Value) -> String? {
        guard let text = (schema["allOf"]?.array?.first ?? schema)["$ref"]?.string else { return nil }
        return "#/definitions/" + (text.split(separator: "/").last ?? "")
    }

    private static func type(_ schema: Value) -> String? { schema["oneOf"] == nil ? schema["type"]?.string : "string" }
}
