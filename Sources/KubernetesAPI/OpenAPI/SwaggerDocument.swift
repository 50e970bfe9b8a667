import BatchAPI

/// All groups in one OpenAPI 2.0 document, in the protobuf form that clients read (`openapi.v2.Document`).
enum SwaggerDocument {
    static func bytes(groups: [String]) -> [UInt8] {
        let types = OpenAPIPaths.types(groups.flatMap { Catalog.kinds(group: $0) })
        let schemas = OpenAPISchema.reachable(from: types, groups: groups)
        return ProtobufWriter.bytes { document in
            document.text(1, "2.0")
            document.message(2) { info in
                info.text(1, "Drover")
                info.text(2, "v1")
            }
            document.message(8) { paths in for group in groups { write(group, to: &paths) } }
            document.message(9) { SwaggerSchema.write(schemas, to: &$0) }
        }
    }

    private static func write(_ group: String, to message: inout ProtobufWriter) {
        let paths = OpenAPIPaths.paths(group: group, kinds: Catalog.kinds(group: group)).object ?? [:]
        for (path, item) in paths.sorted(by: { $0.key < $1.key }) {
            message.message(2) { named in
                named.text(1, path)
                named.message(2) { write(item: item, to: &$0) }
            }
        }
    }

    private static let methods: [(name: String, number: UInt64)] = [("get", 2), ("put", 3), ("post", 4), ("delete", 5), ("patch", 8)]

    private static func write(item: Value, to message: inout ProtobufWriter) {
        for method in methods {
            if let operation = item[method.name] { message.message(method.number) { write(operation: operation, to: &$0) } }
        }
        for parameter in item["parameters"]?.array ?? [] { message.message(9) { write(parameter: parameter, to: &$0) } }
    }

    private static func write(operation: Value, to message: inout ProtobufWriter) {
        for parameter in operation["parameters"]?.array ?? [] { message.message(8) { write(parameter: parameter, to: &$0) } }
        if let body = operation["requestBody"] { message.message(8) { write(body: body, to: &$0) } }
        message.message(9) { responses in
            for (code, answer) in (operation["responses"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
                responses.message(1) { write(code, answer, to: &$0) }
            }
        }
        SwaggerSchema.writeExtensions(operation, 13, to: &message)
    }

    /// ParametersItem, Parameter, NonBodyParameter; then the one for a query or a path.
    private static func write(parameter: Value, to message: inout ProtobufWriter) {
        let isPath = parameter["in"] == "path"
        message.message(1) {
            $0.message(2) {
                $0.message(isPath ? 4 : 3) { inner in
                    inner.flag(1, parameter["required"] == true)
                    inner.text(2, parameter["in"]?.string)
                    inner.text(3, parameter["description"]?.string)
                    inner.text(4, parameter["name"]?.string)
                    inner.text(isPath ? 5 : 6, parameter["schema"]?["type"]?.string)
                }
            }
        }
    }

    private static func write(body: Value, to message: inout ProtobufWriter) {
        message.message(1) {
            $0.message(1) { inner in
                inner.text(2, "body")
                inner.text(3, "body")
                inner.flag(4, body["required"] == true)
                if let schema = schema(body) { inner.message(5) { SwaggerSchema.write(schema, to: &$0) } }
            }
        }
    }

    private static func write(_ code: String, _ answer: Value, to message: inout ProtobufWriter) {
        message.text(1, code)
        message.message(2) {
            $0.message(1) { response in
                response.text(1, answer["description"]?.string)
                if let schema = schema(answer) { response.message(2) { $0.message(1) { SwaggerSchema.write(schema, to: &$0) } } }
            }
        }
    }

    private static func schema(_ value: Value) -> Value? { value["content"]?.object?.values.first?["schema"] }
}
