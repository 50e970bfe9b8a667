/// Why a call to the broker changed nothing, or may have.
public struct BrokerError: Error, Sendable, CustomStringConvertible {
    /// What kind of error; more may come.
    public struct Code: Sendable, Hashable {
        private let name: String
        private init(_ name: String) { self.name = name }
        /// The store can't be reached or did not answer: the call may have taken effect; send the same one again.
        public static let unavailable = Code("unavailable")
        /// The store refuses writes for now (OOM, READONLY, LOADING, MISCONF, BUSY): not taken; keep and retry.
        public static let busy = Code("busy")
        public static let notFound = Code("notFound")
        public static let alreadyExists = Code("alreadyExists")
        /// The object has been modified since it was read.
        public static let conflict = Code("conflict")
        /// The leader's epoch or the ledger's version has moved (I5).
        public static let stale = Code("stale")
        public static let unknownNode = Code("unknownNode")
        public static let nameTaken = Code("nameTaken")
        /// The store can't be used as it is (eviction policy, version, schema).
        public static let unusable = Code("unusable")
        /// A bug: an answer that can't be read.
        public static let malformed = Code("malformed")
        /// The waiting task was cancelled.
        public static let cancelled = Code("cancelled")
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Whether the same call may be sent again.
    public var isTransient: Bool { code == .unavailable || code == .busy }
    public var description: String { message }
}
