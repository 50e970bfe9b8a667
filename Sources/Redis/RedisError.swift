/// Why a Redis call, or the making of a connection, failed.
public struct RedisError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; what a caller may do next depends on it alone.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String, Sendable {
            case connectionFailed, authentication, connectionLost, timedOut, notSent, server
            case overloaded, closed, cancelled, unexpectedReply, invalidURL
        }

        private let kind: Kind

        private init(_ kind: Kind) { self.kind = kind }

        /// No usable connection could be made.
        public static let connectionFailed = Code(.connectionFailed)
        /// The server refused the user name or password, or asks for one.
        public static let authentication = Code(.authentication)
        /// The connection broke after the command was sent: it may or may not have run.
        public static let connectionLost = Code(.connectionLost)
        /// No reply came in time after the command was sent: it may or may not have run.
        public static let timedOut = Code(.timedOut)
        /// The time-out passed before the command could be sent: it has not run, a retry is safe.
        public static let notSent = Code(.notSent)
        /// The server answered with an error; `serverCode` holds its first word.
        public static let server = Code(.server)
        /// Too many calls are outstanding; the command was not sent.
        public static let overloaded = Code(.overloaded)
        /// The connection was closed by its owner.
        public static let closed = Code(.closed)
        /// The calling task was cancelled; `mayHaveRun` says whether the command had been sent.
        public static let cancelled = Code(.cancelled)
        /// The reply was not of the expected type, or not valid protocol.
        public static let unexpectedReply = Code(.unexpectedReply)
        /// The address could not be understood.
        public static let invalidURL = Code(.invalidURL)

        /// The code's name, such as `timedOut`.
        public var description: String { kind.rawValue }
    }

    // Boxed, so that the result of a call stays as small as its value.
    private final class Storage: Sendable {
        let code: Code
        let message: String
        let serverCode: String?
        let mayHaveRun: Bool
        let file: String
        let line: UInt

        init(_ code: Code, _ message: String, _ serverCode: String?, _ mayHaveRun: Bool, _ file: String, _ line: UInt) {
            self.code = code
            self.message = message
            self.serverCode = serverCode
            self.mayHaveRun = mayHaveRun
            self.file = file
            self.line = line
        }
    }

    private let storage: Storage

    /// Makes an error.
    /// - Parameters:
    ///   - code: the kind of failure.
    ///   - message: what happened, for a person to read.
    ///   - serverCode: the first word of the server's error reply, if there was one.
    ///   - mayHaveRun: whether the command may have taken effect; by default what `code` implies.
    ///   - file: where the failed call stands.
    ///   - line: where the failed call stands.
    public init(
        _ code: Code, _ message: String, serverCode: String? = nil, mayHaveRun: Bool? = nil,
        file: String = #fileID, line: UInt = #line
    ) {
        let unknown = mayHaveRun ?? (code == .connectionLost || code == .timedOut)
        storage = Storage(code, message, serverCode, unknown, file, line)
    }

    /// The kind of failure.
    public var code: Code { storage.code }
    /// What happened, for a person to read.
    public var message: String { storage.message }
    /// The first word of an error reply: `OOM`, `READONLY`, `LOADING`, `MISCONF`, `BUSY`, `NOSCRIPT`, `ERR`, `NOPERM`...
    public var serverCode: String? { storage.serverCode }
    /// Whether the command may have taken effect although no reply was received.
    public var mayHaveRun: Bool { storage.mayHaveRun }
    /// The file of the failed call.
    public var file: String { storage.file }
    /// The line of the failed call.
    public var line: UInt { storage.line }
    /// Code, message and place on one line.
    public var description: String { "redis \(code): \(message) (\(file):\(line))" }

    /// The same error, placed at a caller's line.
    func at(_ file: String, _ line: UInt) -> RedisError {
        RedisError(code, message, serverCode: serverCode, mayHaveRun: mayHaveRun, file: file, line: line)
    }

    /// The error that an error reply stands for.
    /// - Parameter text: the reply's text, without the leading `-`.
    static func reply(_ text: String) -> RedisError {
        let word = text.prefix { $0 != " " }
        return RedisError(.server, text, serverCode: String(word))
    }
}
