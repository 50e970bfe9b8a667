import BatchAPI

/// How the ledger of one Job is to work, beside its spec; set at its creation.
public struct LedgerSettings: Sendable, Hashable {
    /// A waiting index gives its place to a higher one (`run -- CMD`), against R15.
    public var yieldsPlace: Bool
    /// The delay before each retry instead of R33 and R37, in milliseconds (`run -- CMD`).
    public var retryDelay: Int?
    /// Disruptions are retried at once and not counted (`run -- CMD`).
    public var ignoresDisruptions: Bool
    /// The failure of an item does not hold up the start of others until the verdict: there is no Job-wide back-off (R37).
    public var isPerIndex: Bool
    /// Items are leased many at a time, as those of `stream` and `handler` are, and have no pods (`run -- CMD`).
    public var runsInChunks: Bool

    public init(
        yieldsPlace: Bool = false, retryDelay: Int? = nil, ignoresDisruptions: Bool = false, isPerIndex: Bool = false, runsInChunks: Bool = false
    ) {
        (self.yieldsPlace, self.retryDelay, self.runsInChunks) = (yieldsPlace, retryDelay, runsInChunks)
        (self.ignoresDisruptions, self.isPerIndex) = (ignoresDisruptions, isPerIndex)
    }
}

/// A Job's ledger at one version.
public struct LedgerState: Sendable {
    public var job: Job
    public var settings: LedgerSettings
    public var version: Int64
    /// The store's time.
    public var now: Timestamp
    public var gate: String
    public var active: Int
    public var ready: Int
    public var terminating: Int
    public var succeeded: Int
    public var failed: Int
    /// Of `failed`: those that count only when their index is tried again (R36).
    public var late = 0
    /// Of `terminating`: those whose own end decides how they count (R46).
    public var kept = 0
    /// Nothing that still runs will count (R25).
    public var isBlind = false
    /// Agents outside run its pods.
    public var isExternal = false
    /// Attempts at indexes that a shrink has cut off are still to be deleted.
    public var isCuttingOff = false
    /// Some attempts were not granted here: several may share an index.
    public var hasExtras = false
    /// Pods that nobody runs yet.
    public var pending = 0
    /// Ownerless pods in the Job's namespace.
    public var strays = 0
    public var restarts: Int
    public var failedIndexes: Int
    public var failuresSinceSuccess: Int
    public var newestSuccess: Timestamp?
    public var notBefore: Timestamp?
    /// Held for a verdict, oldest first, at most 500 at a time.
    public var undecided: [PodRecord]
    /// Where the window begins. Below it every index is done or failed, but for the stragglers.
    public var watermark: Int
    /// The indexes below the watermark that are neither done nor failed.
    public var stragglers: [Int] = []
    /// Those that have failed for good since the last decision named them as stragglers.
    public var failedStragglers: [Int] = []
    /// The done bits from `watermark` rounded down to a multiple of 8, up to the cursor.
    public var window: [UInt8]
    /// Index ranges that failed for good.
    public var failedWindow: [UInt8]
    /// How many items were pushed; nil: the Job's items are as many as its spec says.
    public private(set) var items: Int?
    /// A cut or a deletion has steps to go.
    public var needsSweep: Bool
    public var isDeleted: Bool

    public init(job: Job) {
        self.job = job
        (settings, version, now, gate) = (LedgerSettings(), 0, Timestamp(milliseconds: 0), "")
        (active, ready, terminating, succeeded, failed, restarts, failedIndexes) = (0, 0, 0, 0, 0, 0, 0)
        (failuresSinceSuccess, newestSuccess, notBefore, undecided) = (0, nil, nil, [])
        (watermark, window, failedWindow, needsSweep, isDeleted) = (0, [], [], false, false)
    }
}

extension LedgerState {
    /// Items are pushed. While more may come, the Job's completions count as out of reach.
    public mutating func take(items: Int, isOpen: Bool) {
        self.items = items
        job.spec.completions = isOpen ? Int(Int32.max) : items
    }
}

/// What the leader makes of a Job: mechanical fields that the store applies without knowing why.
public struct Decision: Sendable {
    /// What becomes of a held attempt's item.
    public struct Verdict: Sendable, Hashable {
        public enum Fate: String, Sendable {
            /// Runs again, at `notBefore` if that lies ahead.
            case retry = "R"
            /// The index has failed for good.
            case failIndex = "F"
            /// Of no interest any more, as the Job ends; the item counts as ready behind the shut gate.
            case drop = "D"
            /// The attempt had no item of its own.
            case nothing = "X"
        }
        public var token: Token
        public var fate: Fate
        public var isCounted: Bool
        /// The item's own back-off (R37).
        public var notBefore: Timestamp?

        public init(token: Token, fate: Fate, isCounted: Bool, notBefore: Timestamp? = nil) {
            (self.token, self.fate, self.isCounted, self.notBefore) = (token, fate, isCounted, notBefore)
        }
    }

    /// Something that happened to the Job (§8.1).
    public struct Event: Sendable, Hashable {
        public var type: String
        public var reason: String
        public var message: String

        public init(type: String, reason: String, message: String) { (self.type, self.reason, self.message) = (type, reason, message) }
    }

    public var uid: String
    public var epoch: Int64
    public var version: Int64
    /// "" opens the gate; anything else shuts it, for that reason.
    public var gate: String
    public var permits: Int
    public var deadline: Timestamp?
    public var notBefore: Timestamp?
    public var failuresSinceSuccess: Int
    /// The newest success that the state showed (0 if it showed none), so that a later one still ends the back-off (R34); nil: not told.
    public var seenSuccess: Timestamp?
    /// What must still hold when the decision is applied; nil: the version alone. Claims and successes don't move the version, but a cut or an
    /// ending stores what it counted for ever.
    public var census: Census?
    public var verdicts: [Verdict]
    /// The Job ends: every failure counts now, what is being deleted never will.
    public var ends = false
    /// The Job is being deleted: nothing that still runs will count (R25).
    public var blinds = false
    public var events: [Event] = []
    /// nil: none; false: live attempts are deleted uncounted; true: they count as failed now (R50).
    public var cut: Bool?
    /// The status as stored and served, counters included; nil leaves it.
    public var status: JobStatus?
    /// How many items were pushed, shown with the status; nil: none are.
    public var items: Int?
    public var watermark: Int
    /// The indexes below the watermark that are neither done nor failed, at most 500; nil leaves them as they are.
    public var stragglers: [Int]?
    public var nextLook: Timestamp?

    public init(uid: String, epoch: Int64, version: Int64) {
        (self.uid, self.epoch, self.version) = (uid, epoch, version)
        (gate, permits, deadline, notBefore, failuresSinceSuccess, seenSuccess) = ("shut", 0, nil, nil, 0, nil)
        (census, verdicts, cut, status, watermark, nextLook) = (nil, [], nil, nil, 0, nil)
    }
}

/// The counters that change without moving a ledger's version.
public struct Census: Sendable, Hashable {
    public var active: Int
    public var terminating: Int
    public var succeeded: Int

    public init(active: Int, terminating: Int, succeeded: Int) {
        (self.active, self.terminating, self.succeeded) = (active, terminating, succeeded)
    }
}

public struct JobList: Sendable {
    public var jobs: [Job]
    public var resourceVersion: String

    public init(jobs: [Job], resourceVersion: String) {
        (self.jobs, self.resourceVersion) = (jobs, resourceVersion)
    }
}

public struct Agenda: Sendable {
    public var jobs: [String]
    public var next: Timestamp?
    public var now: Timestamp

    public init(jobs: [String], next: Timestamp?, now: Timestamp) {
        (self.jobs, self.next, self.now) = (jobs, next, now)
    }
}
