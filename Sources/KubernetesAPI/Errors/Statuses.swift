import BatchAPI
import Broker

/// Refusals that only a server gives; the others are `APIStatus`' own.
extension APIStatus {
    /// 406.
    static let notAcceptable = APIStatus(
        code: 406, reason: "NotAcceptable", message: "406: Not Acceptable\n\nAvailable representations: application/json", details: .object([:]))

    /// 413; the limit in bytes.
    static func tooLarge(limit: Int) -> APIStatus {
        APIStatus(code: 413, reason: "RequestEntityTooLarge", message: "Request entity too large: limit is \(limit)")
    }

    /// 415: a body that is neither JSON nor protobuf nor YAML.
    static let unknownBodyFormat = APIStatus(
        code: 415, reason: "UnsupportedMediaType",
        message: "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, "
            + "application/vnd.kubernetes.protobuf")

    /// 415: a body in a coding, as gzip, that is not undone here.
    static func unknownCoding(_ coding: String) -> APIStatus {
        APIStatus(
            code: 415, reason: "UnsupportedMediaType",
            message: "the body of the request has the content encoding \"\(coding.prefix(60))\", which is not supported: send it without")
    }

    /// 422 without causes: a JSON patch that does not apply.
    static let unprocessable = APIStatus(
        code: 422, reason: "Invalid", message: "the server rejected our request due to an error in our request", details: .object([:]))

    /// 503 that may be tried again in `seconds`.
    static func retryLater(_ message: String, seconds: Int = 1) -> APIStatus {
        APIStatus(
            code: 503, reason: "ServiceUnavailable", message: message, details: ["retryAfterSeconds": .int(Int64(seconds))])
    }

    /// 429: more of a sort than may be under way; to be tried again in a second.
    static func tooMany(_ what: String, _ limit: Int) -> APIStatus {
        APIStatus(
            code: 429, reason: "TooManyRequests", message: "too many \(what): at most \(limit) at once; try again later",
            details: ["retryAfterSeconds": 1])
    }

    /// 503: all connections that there may be are taken.
    static func surplusConnection(limit: Int) -> APIStatus {
        .retryLater("too many connections: at most \(limit) at once; use fewer, or try again later")
    }

    /// 431; the limit in bytes.
    static func headTooLarge(limit: Int) -> APIStatus {
        APIStatus(code: 431, reason: "RequestHeaderFieldsTooLarge", message: "the request line and headers are too large: limit is \(limit) bytes")
    }

    /// 408: head or body did not arrive in time.
    static let tooSlow = APIStatus(code: 408, reason: "Timeout", message: "the request did not arrive within the time for it")

    /// 504: the request took longer than it may.
    static let timedOut = APIStatus(
        code: 504, reason: "Timeout", message: "Timeout: request did not complete within the allotted timeout", details: .object([:]))

    /// 500 without reason, as Kubernetes answers to a few bad resourceVersions.
    static func fault(_ message: String) -> APIStatus { APIStatus(code: 500, reason: "", message: message) }

}

extension APIStatus {
    /// What an error of any kind means to a client. `resource` and `name` are what the request was about.
    init(_ error: any Error, resource: String = "jobs", name: String = "") {
        switch error {
        case let status as APIStatus: self = status
        case let error as BrokerError: self.init(error, resource: resource, name: name)
        case let error as SyntaxError: self = .badRequest(error.description)
        case is CancellationError: self = .retryLater("the server is shutting down")
        default: self = .internalError("\(error)")
        }
    }

    private init(_ error: BrokerError, resource: String, name: String) {
        switch error.code {
        case .alreadyExists: self = .alreadyExists(resource: resource, name: name)
        case .notFound: self = .notFound(resource: resource, name: name)
        case .conflict, .stale: self = .conflict(resource: resource, name: name)
        case .unavailable, .busy: self = .retryLater("the store can't be reached now: \(error.message)")
        case .cancelled: self = .retryLater("the server is shutting down")
        default: self = .internalError(error.message)
        }
    }
}

extension APIStatus {
    /// 400: a subresource of pods that talks both ways with a container.
    static func noStreams(_ subresource: String) -> APIStatus {
        .badRequest("pods/\(subresource) is not served: Drover runs commands on plain hosts and opens no connection to them; read pods/log instead")
    }

    /// 400: what runs on a node, asked through the API.
    static let noProxy = APIStatus.badRequest("nodes/proxy is not served: workers open no port; their state is in the Node and in its pods")

    /// 400: body and path disagree.
    static let namespaceMismatch = APIStatus.badRequest("the namespace of the provided object does not match the namespace sent on the request")
}
