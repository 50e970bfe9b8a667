/// `--halt N`: the run stops once N items have failed for good; 0, or no --halt, is never: all items are tried.
struct Halt: Sendable {
    private let limit: Int
    /// How many items have failed.
    private(set) var failed = 0

    init(after limit: Int? = nil) { self.limit = max(0, limit ?? 0) }

    /// Takes in that one more item has failed for good, its retries used up. True once the run is to stop.
    mutating func itemFailed() -> Bool {
        failed += 1
        return isReached
    }

    var isReached: Bool { limit > 0 && failed >= limit }
}
