import BatchAPI

/// An answer as the routes give it.
struct APIResponse: Sendable {
    enum Body: Sendable {
        case bytes([UInt8])
        /// Sent as it comes; `endless` where it may be silent for long, so that the client's leaving must be watched for.
        case stream(AsyncThrowingStream<[UInt8], any Error>, endless: Bool)
    }

    var code: Int
    var contentType: String
    var headers: [(name: String, value: String)] = []
    var body: Body

    /// An API object.
    static func object(_ value: Value, code: Int = 200, warnings: [String] = []) -> APIResponse {
        APIResponse(
            code: code, contentType: "application/json", headers: warnings.map { ("Warning", warning($0)) },
            body: .bytes(value.encodedBytes + [UInt8(ascii: "\n")]))
    }

    static func text(_ text: String, code: Int = 200) -> APIResponse {
        APIResponse(code: code, contentType: "text/plain; charset=utf-8", body: .bytes(Array(text.utf8)))
    }

    /// A refusal; one that may be tried again says when.
    static func status(_ status: APIStatus) -> APIResponse {
        var response = object(status.value, code: status.code)
        if let seconds = status.details?["retryAfterSeconds"]?.int { response.headers.append(("Retry-After", String(seconds))) }
        return response
    }

    /// What Kubernetes answers outside of its API groups.
    static let pageNotFound = text("404 page not found\n", code: 404)

    /// RFC 7234: code 299, no agent, quoted text. Header fields hold no line breaks.
    private static func warning(_ text: String) -> String {
        let safe = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
        let escaped = safe.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
        return "299 - \"\(escaped)\""
    }
}
