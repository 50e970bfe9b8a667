import BatchAPI
import Broker

/// What really happens, told by the hosts themselves, and what the store says of it: every step of a run is held against the invariants
/// (design §3). The first violation ends the run.
final class Truth: @unchecked Sendable {
    struct Key: Hashable, Comparable {
        var job: String
        var token: Token
        static func < (left: Key, right: Key) -> Bool { (left.job, left.token) < (right.job, right.token) }
    }

    /// A container that runs.
    struct Alive {
        var index: Int?
        var node: String
        /// It has a deletionTimestamp.
        var isDeleted = false
    }

    private(set) var violation: String?
    /// What happened, a line each; empty unless it is kept.
    private(set) var trace: [String] = []
    /// Of all lines: the same for the same seed.
    var hash: UInt64 { checksum.value }
    private var checksum = Checksum()
    private let keepsTrace: Bool
    /// The store forgot something: what was counted before is not held against it.
    var hasForgotten = false
    /// The checkers do not look after every step: what happened in between is not known to the step.
    var isSampled = false
    var now = Duration.zero

    var alive: [Key: Alive] = [:]
    var stories: [String: Story] = [:]
    var last: [String: LedgerView] = [:]
    /// Granted, to be looked at with the ledgers of this step.
    var grants: [(request: ClaimRequest, grant: Grant)] = []
    /// Jobs that a refused report must have left alone.
    var untouched: Set<String> = []
    var granted: Set<Key> = []

    init(keepsTrace: Bool) { self.keepsTrace = keepsTrace }

    /// - Parameter tail: what only a reader wants to know.
    func note(_ line: String, tail: () -> String = { "" }) {
        checksum.add(line.utf8)
        checksum.add(UInt64(now.wholeMilliseconds))
        if keepsTrace { trace.append("\(now.wholeMilliseconds) ms  \(line)\(tail())") }
    }

    func violate(_ rule: String, _ what: String) {
        if violation == nil {
            violation = "\(rule): \(what)"
            note("VIOLATED \(rule): \(what)")
        }
    }

    /// The store came back older.
    func forget() {
        hasForgotten = true
        last = [:]
    }

    /// The Jobs that have not ended, by their ledgers.
    var openLedgers: String {
        last.values.filter(\.isOpen).map { view in
            "\(view.job.metadata.name): gate '\(view.gate)' permits \(view.permits) cursor \(view.cursor) of \(view.completions ?? -1) done \(view.done.text) "
                + "bad \(view.bad.text) ready \(view.ready) waiting \(view.waiting) held \(view.held) leases \(view.leases.map { "\($0)".dropFirst(28) })"
        }.sorted().joined(separator: "; ")
    }

    // MARK: What hosts tell

    /// A container runs. Another may follow for the same attempt (P3).
    func began(_ grant: Grant, on node: String, at time: Duration) {
        now = time
        note("\(node): runs \(grant.job) \(grant.token) item \(grant.items.map { "\($0.lowerBound)" } ?? "-")")
        alive[Key(job: grant.job, token: grant.token)] = Alive(index: grant.items?.lowerBound, node: node)
    }

    func ended(_ grant: Grant) { alive[Key(job: grant.job, token: grant.token)] = nil }

    // MARK: What the store answers

    func answered(_ request: ClaimRequest, _ reply: ClaimReply) {
        guard case .granted(let grant) = reply, granted.insert(Key(job: grant.job, token: grant.token)).inserted else { return }
        grants.append((request, grant))
    }

    func reported(_ report: Report, _ reply: ReportReply) {
        if reply.accepted {
            stories[report.job, default: Story()].ends[report.token] = report
        } else if case .granted? = reply.next {} else {
            untouched.insert(report.job)
        }
    }

    func deleted(_ deletion: PodDeletion) { stories[deletion.job, default: Story()].deleted.insert(deletion.token) }

    /// A leader's call took effect (I5).
    func led(_ what: String, epoch: Int64, stored: Int64) {
        if epoch != stored { violate("I5", "\(what) took effect in epoch \(epoch), the store's is \(stored)") }
    }
}

/// What is known of one Job beside its ledger.
struct Story {
    struct Failure {
        var index: Int?
        var code: Int?
        /// It was lost with its node, or ended by it.
        var isDisruption: Bool
        /// It was deleted, and nobody has said how it ended.
        var isUncertain: Bool
        var finished: Int64
    }

    /// Reports that were taken.
    var ends: [Token: Report] = [:]
    /// Pods that clients deleted.
    var deleted: Set<Token> = []
    /// Attempts that failed while they counted, whatever policy makes of them.
    var failures: [Token: Failure] = [:]
    var newestSuccess: Int64 = 0
    /// Of the Job when its end was decided, and when it had ended: edits in between may or may not bear on it, later ones don't.
    var specsAtEnd: [JobSpec] = []
    var ignoresDisruptions = false
    /// A client has set another deadline.
    var hasDeadlineEdit = false
    /// A client has set another backoffLimit, which binds once the leader has seen it.
    var hasLimitEdit = false
    /// Attempts were taken away uncounted, or cut off: counters are only known within bounds.
    var isEdited = false

    /// An index that comes back after it was cut off begins anew (R21); failures without a verdict are forgotten with it.
    mutating func cutOff(_ view: LedgerView, before: LedgerView?) {
        guard let completions = view.completions else { return }
        for (token, failure) in failures where failure.index ?? -1 >= completions {
            let isUndecided = before?.held.contains { $0.token == token } ?? false
            if isUndecided { failures[token] = nil } else { failures[token]!.index = nil }
        }
    }
}
