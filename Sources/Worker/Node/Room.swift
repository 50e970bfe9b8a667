import BatchAPI
import Broker

/// What a node's slots leave of its capacity. A slot that asks for work holds as much as the largest attempt that it may be given, so that two
/// that ask at a time are never given more than there is.
///
/// So that small attempts do not keep a large one off for ever, room is kept for a class that has waited long: nothing that needs some of the
/// same resources is asked for until one of that class was given.
struct Room {
    /// More names than that go in turns: the store looks at each.
    static let limit = 512
    /// A class that has not fitted for so long may have room kept for it.
    static let patience = Duration.seconds(10)

    private let capacity: [String: Quantity]
    /// By slot.
    private var uses: [Int: [String: Quantity]] = [:]
    /// Classes that had to be left out for want of room, and since when.
    private var waiting: [String: Duration] = [:]
    /// The class that room is kept for.
    private(set) var kept: String?
    private var turn = 0

    init(capacity: [String: Quantity]) { self.capacity = capacity }

    /// What nobody uses or holds.
    var free: [String: Quantity] {
        uses.values.reduce(into: capacity) { free, use in
            for (name, amount) in use { free[name] = Quantity(nanos: (free[name]?.nanos ?? 0) - amount.nanos, format: amount.format) }
        }
    }

    /// The classes that fit now, and holds what the largest needs until the slot settles.
    mutating func ask(_ slot: Int, of classes: [PlacementClass], now: Duration) -> [String] {
        uses[slot] = nil
        let open = open(classes)
        // What asks for nothing, the usual case, needs no sum over the slots.
        let free = open.contains { !$0.terms.requests.isEmpty } ? self.free : [:]
        let fitting = open.filter { Self.fits($0, free) }
        for one in fitting { waiting[one.id] = nil }
        for one in open where !Self.fits(one, free) && waiting[one.id] == nil { waiting[one.id] = now }
        let named = inTurns(fitting)
        let most = named.reduce(into: [:]) { $0.merge($1.terms.requests) { max($0, $1) } }
        if !most.isEmpty { uses[slot] = most }
        return named.map(\.id)
    }

    private static func fits(_ one: PlacementClass, _ free: [String: Quantity]) -> Bool {
        one.terms.requests.isEmpty || ResourceFit.lacking(one.terms.requests, free).isEmpty
    }

    /// Those that need nothing of what is kept for another.
    private func open(_ classes: [PlacementClass]) -> [PlacementClass] {
        guard let kept, let large = classes.first(where: { $0.id == kept })?.terms.requests else { return classes }
        return classes.filter { $0.id == kept || $0.terms.requests.keys.allSatisfy { large[$0] == nil } }
    }

    private mutating func inTurns(_ classes: [PlacementClass]) -> [PlacementClass] {
        if classes.count <= Self.limit { return classes }
        let start = turn % classes.count
        turn = start + Self.limit
        return Array((classes[start...] + classes[..<start]).prefix(Self.limit))
    }

    /// The slot runs something that uses so much, or nothing.
    /// - Returns: whether a class that was left out fits now: another slot should ask.
    mutating func settle(_ slot: Int, _ use: [String: Quantity], of classes: [PlacementClass]) -> Bool {
        uses[slot] = use.isEmpty ? nil : use
        if waiting.isEmpty { return false }
        let free = free
        let fitting = open(classes).filter { waiting[$0.id] != nil && Self.fits($0, free) }
        for one in fitting { waiting[one.id] = nil }
        return !fitting.isEmpty
    }

    /// The classes that have long not fitted, the longest first, and the one that room is kept for.
    func late(now: Duration) -> [String] {
        let late = waiting.filter { now - $0.value >= Self.patience }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
        return late + (kept.map { late.contains($0) ? [] : [$0] } ?? [])
    }

    /// Room is kept for this class from now on; nil: for none.
    /// - Returns: whether others may ask again.
    mutating func keep(_ id: String?) -> Bool {
        defer { kept = id }
        return kept != nil && kept != id
    }
}
