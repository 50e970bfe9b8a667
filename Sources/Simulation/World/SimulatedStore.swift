import BatchAPI
import Broker

/// A store under a simulation's control. Calls come one at a time.
public protocol SimulatedStore: Sendable {
    /// Makes one call. It is over when this returns.
    func perform<Answer: Sendable>(_ call: @escaping @Sendable (any Broker) async throws(BrokerError) -> Answer) async -> Result<Answer, BrokerError>
    /// The time has come to that many milliseconds since 1970.
    func advance(to time: Int64) async
    /// Every how many steps the checkers look where nothing was granted: reading a real store takes longer than the step.
    var looksEvery: Int { get }
    /// All ledgers, as they are.
    func views() async -> [LedgerView]
    /// Which of these waits would end now: nodes by their names, "" for the leader.
    func news(among waits: [String]) async -> Set<String>
    /// The leader's epoch.
    func epoch() async -> Int64
    /// The server was killed and is started again with what it has kept.
    /// - Parameter rollsBack: it has kept what was there at the last checkpoint.
    func restart(rollsBack: Bool) async
    /// Keeps what is there.
    func checkpoint() async
    /// The run is over: nothing of the store is left behind.
    func close()
}

/// One Job's ledger, for checkers.
public struct LedgerView: Sendable {
    public enum Standing: Sendable, Hashable {
        /// May run and counts.
        case live
        /// Deleted, and has its item still.
        case keeping
        /// Deleted; its item is somebody else's.
        case bare
        /// Nothing is left of its pod.
        case vanished
    }

    public struct Lease: Sendable, Hashable {
        public var token: Token
        public var items: ClosedRange<Int>?
        public var standing: Standing
        public var node: String

        public init(token: Token, items: ClosedRange<Int>?, standing: Standing, node: String) {
            (self.token, self.items, self.standing, self.node) = (token, items, standing, node)
        }
    }

    public var job: Job
    public var completions: Int?
    public var cursor = 0
    public var ready: [ClosedRange<Int>] = []
    public var waiting: [Int] = []
    public var leases: [Lease] = []
    /// Tokens held for a verdict, with their index.
    public var held: [(token: Token, index: Int?)] = []
    public var done = IndexRanges()
    public var bad = IndexRanges()
    public var gate = ""
    public var (active, terminating, undecided) = (0, 0, 0)
    public var (succeeded, failed, failedIndexes, permits) = (0, 0, 0, 0)
    public var isDeleted = false
    /// Attempts at indexes from here on were cut off, and are still to be deleted.
    public var shrunk: Int?
    /// Its pods go on without it (R91).
    public var isOrphaned = false
    /// Attempts that were not granted by the ledger may share items.
    public var hasExtras = false

    /// Whether something is still to come. Nobody waits for the pods of a Job that has given them up, but each must be started.
    var isOpen: Bool {
        if isOrphaned, isDeleted { return leases.contains { $0.node.isEmpty && $0.standing == .live } }
        return !isDeleted && !job.status.isFinished || !leases.isEmpty
    }

    public init(job: Job, completions: Int?) { (self.job, self.completions) = (job, completions) }
}

/// The store in memory.
public final class MemoryStore: SimulatedStore {
    private let memory: MemoryBroker
    private let time = Mutable(SimulatedClock.start)
    private let kept = Mutable<MemoryBroker.Checkpoint?>(nil)

    public init() {
        let time = time
        memory = MemoryBroker(clock: { Timestamp(milliseconds: time.value) }, sleep: { _ in })
    }

    public func perform<Answer: Sendable>(
        _ call: @escaping @Sendable (any Broker) async throws(BrokerError) -> Answer
    ) async -> Result<Answer, BrokerError> {
        do throws(BrokerError) { return .success(try await call(memory)) } catch { return .failure(error) }
    }

    public var looksEvery: Int { 1 }
    public func advance(to time: Int64) async { self.time.value = max(self.time.value, time) }
    public func views() async -> [LedgerView] { await memory.views() }
    public func news(among waits: [String]) async -> Set<String> { await memory.news(among: waits) }
    public func epoch() async -> Int64 { await memory.leader.epoch }
    public func checkpoint() async { kept.value = await memory.checkpoint() }

    public func close() {}

    public func restart(rollsBack: Bool) async { await memory.recover(from: rollsBack ? kept.value : nil) }
}
