import BatchAPI
import Broker

/// The ledger of one Job in memory: the same fields as in Ledger.lua.
final class MemoryLedger {
    /// The Job as stored, its status kept apart as in the store.
    var job: Job
    let settings: LedgerSettings
    var isPerIndex: Bool
    /// Its class: the text of its terms.
    var placement: String
    /// Whether its attempts must be spread, and who is in which domain once the leader has told; nil: not yet.
    var isSpread = false
    var domains: [TopologySpread.Domains]?
    var share: JobShare
    /// Virtual time: when it is its turn (Shares.lua).
    var turn: Int64 = 0
    /// Since when it stands among those with work.
    var listedSince: Int64 = 0
    var replacesOnlyFailed: Bool
    var completions: Int?
    var limit: Int
    var gate = "new"
    var permits = 0, cursor = 0, active = 0, succeeded = 0, undecided = 0, ready = 0, terminating = 0, failed = 0
    var restarts = 0, failures = 0, watermark = 0
    /// Indexes below the watermark that were neither done nor failed at the last decision.
    var stragglers: [Int] = []
    var token: Token = 0, cut: Token = 0, version: Int64 = 1, notBefore: Int64 = 0, deadline: Int64 = 0, newestSuccess: Int64 = 0
    var isDirty = false, needsSweep = false, isDeleted = false, isListed = false
    var kept = 0, lateCounted = 0, extras = 0, noted = 0
    /// Items run in chunks, and how many make about 100 ms of work.
    let runsInChunks: Bool
    var pace = 1
    /// Items are pushed, and more may come.
    let takesItems: Bool
    var isOpen = false
    /// Where each of several pushers has last put items.
    var pushers: [String: Int] = [:]
    var slabSize = 0
    var slabs: [Int: PackedItems] = [:]
    /// Batches of results that were not read, and how many were.
    var results: [[UInt8]] = []
    var resultBase = 0
    var isExternal = false, isEnded = false, isBlind = false, isOrphaned = false
    /// Attempts at indexes from here on are cut off, until they have been swept; nil: none.
    var shrunk: Int?
    var pending: Set<Token> = []
    /// The newest token when nobody had claimed, and since when.
    var lastToken: Token = 0, lastClaim: Int64 = 0
    /// Index to its last failure, which counts when it is replaced.
    var late: [Int: (token: Token, counted: Int)] = [:]
    var ignores: [Int: Int] = [:]
    /// Pods of which nothing is left but the object; and those that clients' finalizers hold.
    var gone: Set<Token> = [], holds: Set<Token> = []
    var readied: [Token: Int64] = [:]
    /// Attempts that have no item of their own.
    var extraTokens: Set<Token> = []
    /// Attempts that other Jobs took over, and where this one's come from.
    var moved: [Token: MemoryStray] = [:], homes: [Token: MemoryStray] = [:]
    var done = IndexRanges(), bad = IndexRanges()
    /// Ranges that may start again, ascending.
    var readyRanges: [ClosedRange<Int>] = []
    /// Index to due time.
    var waiting: [Int: Int64] = [:]
    var leases: [Token: MemoryLease] = [:]
    /// Token to finish time.
    var held: [Token: Int64] = [:]
    var pods: [Token: PodRecord] = [:]
    var fails: [Int: Int] = [:]

    init(_ job: Job, _ settings: LedgerSettings) {
        (self.job, self.settings) = (job, settings)
        let spec = job.spec
        isPerIndex = spec.backoffLimitPerIndex != nil || settings.isPerIndex
        replacesOnlyFailed = Self.replacesOnlyFailed(spec)
        (completions, limit) = (spec.completions, spec.backoffLimit ?? 6)
        isExternal = spec.template.spec.isScheduledElsewhere
        (placement, share) = (PlacementTerms(spec.template).text, job.share)
        runsInChunks = spec.template.spec.runtime.takesChunks || settings.runsInChunks
        takesItems = job.takesItems
        if takesItems { (isOpen, completions) = (true, 0) }
    }

    static func replacesOnlyFailed(_ spec: JobSpec) -> Bool { spec.podReplacementPolicy == .failed || spec.podFailurePolicy != nil }

    var uid: String { job.metadata.uid }

    /// Permits in use (R46).
    var inUse: Int { active + undecided + (replacesOnlyFailed ? terminating : 0) }

    /// How many attempts could start now (I4, I2, R33).
    func startable(_ now: Int64) -> Int {
        if !gate.isEmpty || isDeleted || shrunk != nil || notBefore > now || (deadline > 0 && now >= deadline) { return 0 }
        if !isPerIndex && undecided > 0 || resultBytes >= Self.mostResultBytes { return 0 }
        let free = min(permits - inUse, isExternal ? 1000 - active : Int.max)
        if free <= 0 { return 0 }
        guard let completions else { return succeeded == 0 ? free : 0 }
        return min(free, completions - cursor + readyRanges.count + waiting.values.count { $0 <= now })
    }

    /// When it may start something again; 0 if that is not known.
    func nextStart(_ now: Int64) -> Int64 {
        if !gate.isEmpty { return 0 }
        return notBefore > now ? notBefore : waiting.values.min() ?? 0
    }

    /// Whether nothing is left to run.
    var isOver: Bool {
        guard let completions else { return succeeded > 0 && active == 0 }
        return !isOpen && succeeded + bad.count >= completions
    }

    /// Whether an attempt is at an index that a shrink has cut off.
    func isCutOff(_ lease: MemoryLease) -> Bool { shrunk != nil && lease.items.map { $0.lowerBound >= shrunk! } ?? false }

    /// A chunk keeps the items that a shrink leaves.
    func trimmed(_ lease: MemoryLease) -> MemoryLease {
        guard let shrunk, let items = lease.items, items.lowerBound < shrunk, items.upperBound >= shrunk else { return lease }
        var lease = lease
        lease.items = items.lowerBound...(shrunk - 1)
        return lease
    }

    func isLive(_ token: Token, _ lease: MemoryLease) -> Bool { lease.state == .live && token > cut }
}

/// A lease; its state as in Leases.lua.
struct MemoryLease {
    enum State { case live, kept, deleted, deletedKeepingItems, released, vanished }
    var node: String
    var instance: String
    var slot: Int
    var items: ClosedRange<Int>?
    var state = State.live
    var pod: String
}

extension MemoryLedger {
    /// Gives items back; the lowest starts first (R15).
    func makeReady(_ items: ClosedRange<Int>?) {
        guard let items, let completions, items.lowerBound < completions else { return }
        let range = items.lowerBound...min(items.upperBound, completions - 1)
        readyRanges.insert(range, at: readyRanges.firstIndex { $0.lowerBound > range.lowerBound } ?? readyRanges.count)
    }

    /// A waiting index keeps its place (R15).
    private func keepsPlace(_ index: Int) -> Bool {
        !settings.yieldsPlace && !waiting.isEmpty && inUse + waiting.keys.count { $0 < index } >= permits
    }

    /// Items whose back-off is over become ready.
    private func ripen(_ now: Int64) {
        for (index, _) in waiting.filter({ $0.value <= now }).sorted(by: { ($0.value, String($0.key)) < ($1.value, String($1.key)) }).prefix(64) {
            waiting[index] = nil
            makeReady(index...index)
        }
    }

    /// Takes up to `wanted` items. Outer nil: there are none.
    func take(_ wanted: Int, _ now: Int64) -> ClosedRange<Int>?? {
        guard let completions else { return .some(nil) }
        ripen(now)
        if let range = readyRanges.first {
            if keepsPlace(range.lowerBound) { return nil }
            let taken = range.lowerBound...(range.lowerBound + fitting(range.lowerBound, min(wanted, range.count)) - 1)
            readyRanges.removeFirst()
            if taken.upperBound < range.upperBound { makeReady(taken.upperBound + 1...range.upperBound) }
            return taken
        }
        if cursor >= completions || keepsPlace(cursor) { return nil }
        let first = cursor
        cursor = first + fitting(first, min(wanted, completions - first))
        return first...cursor - 1
    }
}

/// Items that stand free and are taken by their index: for attempts that the ledger did not grant.
extension MemoryLedger {
    /// Whether an index stood free; then it is taken.
    @discardableResult
    func takeFree(_ index: Int) -> Bool {
        if index >= cursor {
            makeReady(cursor <= index - 1 ? cursor...(index - 1) : nil)
            cursor = index + 1
            return true
        }
        if waiting.removeValue(forKey: index) != nil { return true }
        guard let place = readyRanges.firstIndex(where: { $0.contains(index) }) else { return false }
        let range = readyRanges.remove(at: place)
        if range.lowerBound < index { makeReady(range.lowerBound...(index - 1)) }
        if index < range.upperBound { makeReady((index + 1)...range.upperBound) }
        return true
    }

    /// Takes an index for an attempt; nil if it is none or not free: then the attempt is an extra one.
    func takeIndex(_ token: Token, _ index: Int?) -> ClosedRange<Int>? {
        if let index, index < completions ?? 0, takeFree(index) { return index...index }
        extras += 1
        extraTokens.insert(token)
        return nil
    }
}
