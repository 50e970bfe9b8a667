import HTTPTypes
import Hummingbird
import Logging

/// One request and its answer, as they are counted and logged: nothing of bodies, queries or credentials.
struct Exchange: Sendable {
    /// Sent back as the header `Audit-Id`; the client's own if it sent one.
    let id: String
    let purpose: RequestMetrics.Purpose
    let client: String
    private let method: String
    private let path: String
    private let start = ContinuousClock.now
    static let header = HTTPField.Name("Audit-Id")!
    private static let longest = 256

    init(_ request: Request, _ head: APIRequest) {
        id = request.headers[Self.header].flatMap { Self.isID($0) ? $0 : nil } ?? Identifiers.uid()
        purpose = .init(head)
        client = Self.short(head.userAgent)
        method = Self.short(request.method.rawValue)
        path = Self.short(String((request.head.path ?? "/").prefix { $0 != "?" }))
    }

    private static func isID(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }

    private static func short(_ text: String) -> String { text.count > longest ? text.prefix(longest) + "..." : text }

    var elapsed: Duration { start.duration(to: .now) }

    /// One line: at debug, or as a warning where the server is at fault.
    func log(_ code: Int, to logger: Logger) {
        let milliseconds = Double(elapsed.components.seconds) * 1000 + Double(elapsed.components.attoseconds / 1_000_000_000_000) / 1000
        logger.log(
            level: code >= 500 ? .warning : .debug, "request",
            metadata: [
                "method": "\(method)", "path": "\(path)", "code": "\(code)", "ms": "\(milliseconds)", "id": "\(id)", "agent": "\(client)",
            ])
    }
}
