import BatchAPI

/// The system under test, as a player needs it.
protocol World: AnyObject {
    /// The time in the system.
    var now: Timestamp { get }
    /// Sends a request; a PATCH is a JSON merge patch.
    func send(_ method: String, _ path: String, _ body: Value?, accept: String) async -> Reply
    /// Lets the system act on what is due until `time`, calling `acted` after each of its steps.
    func advance(to time: Timestamp, acted: () async throws -> Void) async throws
}

/// What the API answered.
struct Reply {
    var code: Int
    var value: Value
    var warnings: [String]
}
