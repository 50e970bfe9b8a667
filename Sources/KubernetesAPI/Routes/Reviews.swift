import BatchAPI

/// Reviews: a client asks who it is and what it may do. They are answered, not stored.
extension API {
    func review(_ kind: ResourceKind, _ request: APIRequest) throws -> APIResponse {
        let write = try WriteOptions(request, kind: "CreateOptions")
        let body = try ObjectBody(request, of: kind, validation: write.fieldValidation)
        let subject = Access.subject(of: request)
        var value = body.value
        (value["apiVersion"], value["kind"]) = (.string(kind.apiVersion), .string(kind.kind))
        if value["metadata"]?.object == nil { value["metadata"] = .object([:]) }
        value["status"] = try Self.status(of: kind, body.value["spec"] ?? .null, subject)
        return .object(value, code: 201, warnings: body.warnings)
    }

    private static func status(of kind: ResourceKind, _ spec: Value, _ subject: Access.Subject) throws(APIStatus) -> Value {
        switch kind {
        case Catalog.accessReviews: try Access.decide(subject, attempt(spec)).value
        case Catalog.rulesReviews: Access.rules(of: subject, namespace: try namespace(spec)).value
        default: ["userInfo": subject.value]
        }
    }

    private static func attempt(_ spec: Value) throws(APIStatus) -> Access.Attempt {
        let (resource, path) = (spec["resourceAttributes"] ?? .null, spec["nonResourceAttributes"] ?? .null)
        guard resource.isNull != path.isNull else {
            let error = FieldError.invalid(
                "spec.resourceAttributes", resource, "must specify one of resourceAttributes or nonResourceAttributes, not both or neither")
            throw .invalid(kind: "SelfSubjectAccessReview", group: "authorization.k8s.io", name: "", errors: [error])
        }
        return Access.Attempt(resource.isNull ? path : resource)
    }

    private static func namespace(_ spec: Value) throws(APIStatus) -> String {
        guard let namespace = spec["namespace"]?.string, !namespace.isEmpty else { throw .badRequest("no namespace on request") }
        return namespace
    }
}
