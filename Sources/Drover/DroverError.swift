import BatchAPI
import Broker
import Redis

/// Why a call of the library failed.
public struct DroverError: Error, Sendable, CustomStringConvertible {
    /// What kind of error; more may come.
    public struct Code: Sendable, Hashable {
        private let name: String
        private init(_ name: String) { self.name = name }
        /// The URL of Redis can't be read.
        public static let invalidURL = Code("invalidURL")
        /// The Job breaks a rule of the API.
        public static let invalidJob = Code("invalidJob")
        /// There is a Job of that name already.
        public static let alreadyExists = Code("alreadyExists")
        /// The Job is gone.
        public static let notFound = Code("notFound")
        /// Redis can't be reached, does not answer, or takes nothing for now: try again.
        public static let unavailable = Code("unavailable")
        /// Redis can't be used as it is.
        public static let unusable = Code("unusable")
        /// An item has more than 65,536 bytes.
        public static let itemTooLong = Code("itemTooLong")
        /// The Job takes no more items.
        public static let closed = Code("closed")
        /// Another pusher is at work, or Redis has lost items.
        public static let conflict = Code("conflict")
        /// The task was cancelled.
        public static let cancelled = Code("cancelled")
    }

    /// What kind of error.
    public let code: Code
    /// What was wrong, where, and what to do.
    public let message: String

    init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }

    /// The message.
    public var description: String { message }
}

extension DroverError {
    /// Calls of the store.
    static func calling<Answer>(_ body: () async throws(BrokerError) -> Answer) async throws(DroverError) -> Answer {
        do { return try await body() } catch { throw DroverError(error) }
    }

    static func reading<Answer>(_ body: () throws(RedisError) -> Answer) throws(DroverError) -> Answer {
        do { return try body() } catch { throw DroverError(.invalidURL, error.message) }
    }

    init(_ error: BrokerError) {
        let code: Code =
            switch error.code {
            case .alreadyExists: .alreadyExists
            case .notFound: .notFound
            case .cancelled: .cancelled
            case .unavailable, .busy: .unavailable
            default: .unusable
            }
        self.init(code, error.message)
    }
}
