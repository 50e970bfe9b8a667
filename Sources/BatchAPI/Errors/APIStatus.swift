/// A refusal in the words of the Kubernetes API: the `Status` object and its HTTP code (§1.6).
public struct APIStatus: Error, Sendable, Hashable, CustomStringConvertible {
    /// The HTTP status code.
    public var code: Int
    /// A constant such as `NotFound` that clients compare with.
    public var reason: String
    public var message: String
    /// `{name, group, kind, uid, causes, retryAfterSeconds}`, nil if there is nothing to say.
    public var details: Value?

    /// A status of its parts.
    public init(code: Int, reason: String, message: String, details: Value? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
    }

    /// The body of the answer: an object of kind Status.
    public var value: Value {
        var members = Members()
        members.set("kind", "Status")
        members.set("apiVersion", "v1")
        members.set("metadata", .object([:]))
        members.set("status", "Failure")
        members.set("message", message)
        members.set("reason", reason)
        members.set("details", details)
        members.set("code", code)
        return members.value
    }

    public var description: String { message }

    /// "jobs.batch", or "pods" in the core group.
    private static func qualified(_ resource: String, _ group: String) -> String {
        group.isEmpty ? resource : "\(resource).\(group)"
    }

    private static func details(name: String, group: String, kind: String, causes: [FieldError] = []) -> Value {
        var members = Members()
        members.setUnlessEmpty("name", name)
        members.setUnlessEmpty("group", group)
        members.setUnlessEmpty("kind", kind)
        members.setUnlessEmpty("causes", causes.map { cause in
            ["reason": .string(cause.reason.rawValue), "message": .string(cause.message), "field": .string(cause.field)]
        })
        return members.value
    }
}

extension APIStatus {
    /// 422: an object that violates rules; `errors` must not be empty.
    public static func invalid(kind: String, group: String = "batch", name: String, errors: [FieldError]) -> APIStatus {
        // The message says the same thing once, the causes hold all.
        var seen: Set<String> = []
        let lines = errors.map(\.description).filter { seen.insert($0).inserted }
        let text = lines.count == 1 ? lines[0] : "[\(lines.joined(separator: ", "))]"
        return APIStatus(
            code: 422, reason: "Invalid", message: "\(qualified(kind, group)) \"\(name)\" is invalid: \(text)",
            details: details(name: name, group: group, kind: kind, causes: errors))
    }

    /// 404: no such object; `resource` as "jobs".
    public static func notFound(resource: String, group: String = "batch", name: String) -> APIStatus {
        APIStatus(
            code: 404, reason: "NotFound", message: "\(qualified(resource, group)) \"\(name)\" not found",
            details: details(name: name, group: group, kind: resource))
    }

    /// 409: the name is taken.
    public static func alreadyExists(resource: String, group: String = "batch", name: String) -> APIStatus {
        APIStatus(
            code: 409, reason: "AlreadyExists", message: "\(qualified(resource, group)) \"\(name)\" already exists",
            details: details(name: name, group: group, kind: resource))
    }

    /// 409: a stale resourceVersion, or another conflict in the words of `detail`.
    public static func conflict(
        resource: String, group: String = "batch", name: String,
        detail: String = "the object has been modified; please apply your changes to the latest version and try again"
    ) -> APIStatus {
        APIStatus(
            code: 409, reason: "Conflict",
            message: "Operation cannot be fulfilled on \(qualified(resource, group)) \"\(name)\": \(detail)",
            details: details(name: name, group: group, kind: resource))
    }

    /// 400: a request that cannot be read.
    public static func badRequest(_ message: String) -> APIStatus {
        APIStatus(code: 400, reason: "BadRequest", message: message)
    }

    /// 403: a request that is refused for whoever asks.
    public static func forbidden(_ message: String) -> APIStatus {
        APIStatus(code: 403, reason: "Forbidden", message: message)
    }

    /// 404: a path that names no resource.
    public static let noSuchResource = APIStatus(
        code: 404, reason: "NotFound", message: "the server could not find the requested resource", details: .object([:]))

    /// 405: a verb that the resource lacks.
    public static let methodNotAllowed = APIStatus(
        code: 405, reason: "MethodNotAllowed", message: "the server does not allow this method on the requested resource",
        details: .object([:]))

    /// 410: a resourceVersion or continue token that is too old.
    public static func expired(_ message: String) -> APIStatus { APIStatus(code: 410, reason: "Expired", message: message) }

    /// 415: a body of a kind that is not read.
    public static let unsupportedMediaType = APIStatus(
        code: 415, reason: "UnsupportedMediaType", message: "415: Unsupported Media Type", details: .object([:]))

    /// 500: a fault on the server's side.
    public static func internalError(_ message: String) -> APIStatus {
        APIStatus(code: 500, reason: "InternalError", message: "Internal error occurred: \(message)")
    }

    /// 503: a part is missing for now.
    public static func unavailable(_ message: String) -> APIStatus {
        APIStatus(code: 503, reason: "ServiceUnavailable", message: message)
    }
}
