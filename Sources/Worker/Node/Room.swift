import BatchAPI
import Broker

/// What a node's slots leave of its capacity. A slot that asks for work holds as much as the largest attempt that it may be given, so that two
/// that ask at a time are never given more than there is.
struct Room {
    /// More names than that go in turns: the store looks at each.
    static let limit = 512

    private let capacity: [String: Quantity]
    /// By slot.
    private var uses: [Int: [String: Quantity]] = [:]
    /// Classes that had to be left out for want of room.
    private var waiting: Set<String> = []
    private var turn = 0

    init(capacity: [String: Quantity]) { self.capacity = capacity }

    /// What nobody uses or holds.
    var free: [String: Quantity] {
        uses.values.reduce(into: capacity) { free, use in
            for (name, amount) in use { free[name] = Quantity(nanos: (free[name]?.nanos ?? 0) - amount.nanos, format: amount.format) }
        }
    }

    /// The classes that fit now, and holds what the largest needs until the slot settles.
    mutating func ask(_ slot: Int, of classes: [PlacementClass]) -> [String] {
        uses[slot] = nil
        let free = free
        let fitting = classes.filter { $0.terms.requests.isEmpty || ResourceFit.lacking($0.terms.requests, free).isEmpty }
        waiting.formUnion(classes.map(\.id))
        waiting.subtract(fitting.map(\.id))
        let named = inTurns(fitting)
        uses[slot] = named.reduce(into: [:]) { $0.merge($1.terms.requests) { max($0, $1) } }
        return named.map(\.id)
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
        let fitting = classes.filter { waiting.contains($0.id) && ResourceFit.lacking($0.terms.requests, free).isEmpty }
        waiting.subtract(fitting.map(\.id))
        return !fitting.isEmpty
    }
}
