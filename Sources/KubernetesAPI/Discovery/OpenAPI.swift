import BatchAPI

/// The least that makes `kubectl create -f` and `apply -f` leave the checking of fields to the server: each kind that can be written has a
/// PATCH with a parameter `fieldValidation`. Schemas are left out.
enum OpenAPI {
    /// Changes with the documents, since clients keep them by it.
    private static let hash = "D1"

    /// GET /openapi/v3.
    static let index: Value = [
        "paths": .object(Dictionary(
            uniqueKeysWithValues: paths.map { ($0, ["serverRelativeURL": .string("/openapi/v3/\($0)?hash=\(hash)")] as Value) }))
    ]

    private static let paths = ["api/v1"] + Catalog.groups.map { "apis/\($0)/v1" }

    /// GET /openapi/v3/PATH; nil if there is no such group.
    static func document(_ path: String) -> Value? {
        guard paths.contains(path) else { return nil }
        let kinds = Catalog.all.filter { "\($0.group.isEmpty ? "api" : "apis")/\($0.apiVersion)" == path }
        return [
            "openapi": "3.0.0", "info": ["title": "Drover", "version": "v1"], "components": ["schemas": .object([:])],
            "paths": .object(Dictionary(uniqueKeysWithValues: kinds.map { ("/\(path)/namespaces/{namespace}/\($0.name)/{name}", item($0)) })),
        ]
    }

    private static func item(_ kind: ResourceKind) -> Value {
        let parameters = ["dryRun", "fieldManager", "fieldValidation"].map { name -> Value in
            ["name": .string(name), "in": "query", "schema": ["type": "string"]]
        }
        return [
            "patch": [
                "x-kubernetes-group-version-kind": ["group": .string(kind.group), "version": .string(kind.version), "kind": .string(kind.kind)],
                "parameters": .array(parameters), "responses": ["200": ["description": "OK"]],
            ]
        ]
    }

    /// GET /openapi/v2, protobuf only: {swagger: "2.0", info: {title: "api", version: "1"}, paths: {}}.
    static let v2: [UInt8] = [0x0A, 3] + Array("2.0".utf8) + [0x12, 8, 0x0A, 3] + Array("api".utf8) + [0x12, 1] + Array("1".utf8) + [0x42, 0]
    static let v2Type = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
}
