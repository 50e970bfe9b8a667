/// What became of one Job, for the end of a run.
struct JobSummary: Sendable, Equatable {
    enum Outcome: Sendable, Equatable {
        case complete(reason: String, message: String)
        case failed(reason: String, message: String)
        /// The run ended before the Job did: why.
        case unfinished(reason: String)

        var isComplete: Bool { if case .complete = self { true } else { false } }
    }

    /// An item, or a pod of a Job without items, that failed for good.
    struct FailedItem: Sendable, Equatable {
        /// How its last attempt ended.
        enum End: Sendable, Equatable {
            case exit(Int)
            case signal(Int)
            /// It was not started, or lost: `CannotRun`, `NodeLost` ...
            case other(String)
        }

        /// From 0; nil for a pod of a work queue.
        var index: Int?
        /// The item's text; nil for Jobs without `--items`.
        var text: [UInt8]?
        var end: End
        /// Why it was ended, where its Job's end did that; else empty.
        var cause = ""
        /// Empty if no node had it.
        var node = ""
        /// How often it was tried.
        var tries = 1
        /// The last output of its last attempt, as it was written.
        var tail: [UInt8] = []
    }

    var name: String
    var namespace = ""
    /// Whether another Job of the run has the name.
    var showsNamespace = false
    var outcome: Outcome
    /// From its start to its end, in seconds.
    var duration: Double
    /// Attempts that were started, retries included.
    var attempts: Int
    var succeeded: Int
    /// Attempts, or items where each has retries of its own.
    var failed: Int
    /// In the order to be shown.
    var failedItems: [FailedItem] = []
    /// How many more there are.
    var unlisted = 0
}
