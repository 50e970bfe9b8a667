import Broker
import Synchronization

/// What the slots of this node have heard from the store: the last call that was answered, and the lease that it brought. A heartbeat tells
/// both together, so that a lease is never taken for one that nobody runs while its answer is on the way.
final class SlotBook: Sendable {
    private struct Entry {
        var sequence: Int64 = 0
        var grant: Grant?
        /// The store wants it ended before it has begun.
        var isRevoked = false
    }

    private let entries: Mutex<[Int: Entry]>

    init(slots: Int) { entries = Mutex(Dictionary(uniqueKeysWithValues: (0..<slots).map { ($0, Entry()) })) }

    /// A call was answered; `grant` is nil if it brought no lease.
    func note(_ slot: Int, _ sequence: Int64, _ grant: Grant?) { entries.withLock { $0[slot] = Entry(sequence: sequence, grant: grant) } }

    /// What is handed out as the answer to the next call of a slot that will make none is not run: the next heartbeat gives it back.
    /// - Parameter sequence: of that call; nil: it is not known.
    func refuse(_ slot: Int, _ sequence: Int64? = nil) {
        entries.withLock { entries in
            guard let known = entries[slot], known.grant == nil, sequence == nil || known.sequence + 1 == sequence else { return }
            entries[slot]!.sequence += 1
        }
    }

    /// A lease keeps its first items only.
    func trim(_ attempt: Attempt, to count: Int) {
        entries.withLock { entries in
            guard let grant = entries[attempt.slot]?.grant, grant.token == attempt.grant.token, grant.job == attempt.grant.job,
                let items = grant.items, count < items.count
            else { return }
            entries[attempt.slot]?.grant?.items = items.lowerBound...(items.lowerBound + count - 1)
        }
    }

    /// A lease is to be ended, whether or not its attempt has begun.
    func revoke(_ isMeant: (Grant) -> Bool) {
        entries.withLock { entries in
            for (slot, entry) in entries where entry.grant.map(isMeant) ?? false { entries[slot]?.isRevoked = true }
        }
    }

    func isRevoked(_ slot: Int) -> Bool { entries.withLock { $0[slot]?.isRevoked ?? false } }

    /// For a heartbeat.
    var state: (held: [HeldLease], answered: [Int: Int64]) {
        entries.withLock { entries in
            (entries.compactMap { slot, entry in entry.grant.map { HeldLease(slot: slot, $0) } }, entries.mapValues(\.sequence))
        }
    }
}
