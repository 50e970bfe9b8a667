import BatchAPI

/// What of an object changed, as ownership sees it: an unchanged leaf counts once, a new list item with all that is in it.
struct Comparison: Sendable, Hashable {
    var added = FieldSet()
    var modified = FieldSet()
    var removed = FieldSet()

    /// The fields that have another value now, or none before.
    var written: FieldSet { modified.union(added) }

    /// Without these fields and all below.
    func excluding(_ fields: FieldSet) -> Comparison {
        Comparison(added: added.excluding(fields), modified: modified.excluding(fields), removed: removed.excluding(fields))
    }
}

extension Comparison {
    /// Two objects of a type.
    init(_ old: Value, _ new: Value, type: String) { self = Self.compare(old, new, .structure(type)) }

    private static func compare(_ old: Value?, _ new: Value?, _ shape: Shape) -> Comparison {
        if old == new { return Comparison() }
        guard let parts = Parts(old, new, shape) else { return itself(old, new) }
        // What appears or vanishes does so with all that is in it.
        var result = old == nil || new == nil ? itself(old, new) : Comparison()
        for (element, pair) in parts.pairs {
            let below = compare(pair.old, pair.new, pair.shape)
            result.add(below, under: element)
        }
        return result
    }

    private mutating func add(_ below: Comparison, under element: PathElement) {
        if !below.added.isEmpty { added[element] = below.added }
        if !below.modified.isEmpty { modified[element] = below.modified }
        if !below.removed.isEmpty { removed[element] = below.removed }
    }

    private static func itself(_ old: Value?, _ new: Value?) -> Comparison {
        let field = FieldSet(isMember: true)
        guard let old else { return Comparison(added: field) }
        guard let new else { return Comparison(removed: field) }
        return isSameNumber(old, new) ? Comparison() : Comparison(modified: field)
    }

    private static func isSameNumber(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.int(let whole), .double(let number)), (.double(let number), .int(let whole)): Double(whole) == number
        default: false
        }
    }
}

/// The members or items of two values, paired.
private struct Parts {
    var pairs: [PathElement: (old: Value?, new: Value?, shape: Shape)] = [:]

    /// Nil if the two are one thing: by their shape, because both are empty, or because they don't fit it.
    init?(_ old: Value?, _ new: Value?, _ shape: Shape) {
        guard shape != .leaf, !((old?.isHollow ?? true) && (new?.isHollow ?? true)) else { return nil }
        guard add(old, shape, { $0.old = $1 }), add(new, shape, { $0.new = $1 }) else { return nil }
    }

    private typealias Pair = (old: Value?, new: Value?, shape: Shape)

    private mutating func add(_ value: Value?, _ shape: Shape, _ put: (inout Pair, Value) -> Void) -> Bool {
        switch (shape, value) {
        case (_, nil), (_, .null?): break
        case (.structure, .object(let members)?), (.map, .object(let members)?):
            let shapes = shape.members
            for (name, member) in members {
                if let below = shapes[name] { put(&pairs[.field(name), default: (nil, nil, below)], member) }
            }
        case (.keyed, .array(let items)?), (.set, .array(let items)?):
            // Of items with the same key the first counts.
            for item in items.reversed() {
                if let element = shape.element(of: item) { put(&pairs[element, default: (nil, nil, shape.item)], item) }
            }
        default: return false
        }
        return true
    }
}
