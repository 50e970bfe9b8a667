import BatchAPI
import Broker
import Glibc

/// The broker in memory, transition by transition as the scripts of RedisBroker: for simulation, and as their check.
public actor MemoryBroker: Broker {
    let clock: @Sendable () -> Timestamp
    let sleep: @Sendable (Duration) async -> Void

    var ledgers: [String: MemoryLedger] = [:]
    /// Jobs that the API shows: namespace, name and uid.
    var paths: [MemoryPath: String] = [:]
    var version: Int64 = 1_000_000
    var tokenFloor: Token = 1 << 32
    var due: [String: Int64] = [:]
    /// Jobs with work, in turn.
    var runnable: [MemoryTurn] = []
    /// By placement class and name: the calls that brought nothing.
    var takers: [String: [String: ClaimRequest]] = [:]
    /// The virtual time of the last grant, by priority.
    var shares: [Int: Int64] = [:]
    /// Nodes that wait, by the class of which they take Jobs.
    var idle: [String: Set<String>] = [:]
    /// Placement classes by the text of their terms, with the number of their coming; none is dropped.
    var classNumbers: [String: Int64] = [:]
    /// Classes for which a node keeps room, and which one.
    var reserved: [String: String] = [:]
    var recovering: Set<String> = []
    var members: [String: MemoryNode] = [:]
    /// By instance, then slot: its last call.
    var slots: [String: [Int: MemoryCall]] = [:]
    /// Ownerless pods, by namespace: their ledger and token.
    var strays: [String: Set<MemoryStray>] = [:]
    /// By object, type, reason and message.
    var eventRecords: [[String]: EventRecord] = [:]
    /// Finished pods, by result: at most 12,500 stay.
    var ended: [MemoryEnding] = []
    var leader = LeaderRecord(instance: "", address: "", epoch: 0, renewal: 0, acquired: Timestamp(milliseconds: 0))
    var news: [String: [NodeNews]] = [:]
    var agendaHasNews = false
    var waiters: [String: [Int: CheckedContinuation<Void, Never>]] = [:]
    var waiterCount = 0
    /// Objects that are only kept, by resource, namespace and name.
    var kept: [[String]: StoredObject] = [:]
    /// What has happened, for monitoring.
    var counts: [StoreFigures.Count: Int] = [:]
    /// Grows with every restart of the store.
    var incarnation: Int64 = 1

    /// - Parameters:
    ///   - clock: the store's time; it must not go back.
    ///   - sleep: returns after a duration, or when its task is cancelled.
    public init(
        clock: @escaping @Sendable () -> Timestamp = MemoryBroker.systemTime,
        sleep: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
    ) {
        (self.clock, self.sleep) = (clock, sleep)
    }

    /// The machine's own time.
    public static func systemTime() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Milliseconds now.
    var now: Int64 { clock().milliseconds }

    /// The next resourceVersion.
    func nextVersion() -> String {
        version += 1
        return String(version)
    }

    func touch(_ ledger: MemoryLedger) { ledger.job.metadata.resourceVersion = nextVersion() }
}

/// The key of a Job or a pod by name; it sorts as the store's names do.
struct MemoryPath: Hashable, Comparable {
    var namespace: String
    var name: String

    static func < (left: MemoryPath, right: MemoryPath) -> Bool {
        Array("\(left.namespace)/\(left.name) ".utf8).lexicographicallyPrecedes(Array("\(right.namespace)/\(right.name) ".utf8))
    }
}

struct MemoryStray: Hashable {
    var job: String
    var token: Token
}

struct MemoryNode {
    var instance: String
    var machine: String
    var lease: Duration
    var slots: Int
    var labels: [String: String]
    var facts: [String: String]
    var offer: NodeOffer
    var free: [String: Quantity] = [:]
    var registered: Timestamp
    var renewal: Int64
    /// It is being given up.
    var isLost = false
    /// It claims nothing.
    var isCordoned = false
}

/// The last call of a slot, to answer it again.
struct MemoryCall {
    var sequence: Int64
    var job = ""
    var token: Token?
    var isAccepted = true
    var next: Int64 = 0
}

struct MemoryEnding {
    var isSuccess: Bool
    var time: Int64
    var job: String
    var token: Token
}
