import BatchAPI

/// The changes that an apply makes to an object's tree.
enum ApplyMerge {
    /// What is applied laid over what is there. Nulls that were applied stay, for whoever compares the two; see `withoutNulls`.
    static func merge(_ live: Value?, _ applied: Value, _ shape: Shape) -> Value {
        switch (shape, live, applied) {
        case (.structure, .object(let members)?, .object(let changes)), (.map, .object(let members)?, .object(let changes)):
            return .object(mergeMembers(members, changes, shape))
        case (.keyed, .array(let items)?, .array(let changes)), (.set, .array(let items)?, .array(let changes)):
            return .array(ListMerge(live: items, applied: changes, shape: shape).merged())
        // A null applied to something with parts of its own claims it, and changes none of them.
        case (.structure, let live?, .null), (.map, let live?, .null), (.keyed, let live?, .null), (.set, let live?, .null):
            return live.isHollow ? .null : live
        default: return applied
        }
    }

    private static func mergeMembers(_ members: [String: Value], _ changes: [String: Value], _ shape: Shape) -> [String: Value] {
        var result = members
        let shapes = shape.members
        for (name, change) in changes { result[name] = merge(members[name], change, shapes[name] ?? .leaf) }
        return result
    }

    /// A value without some fields; nil if nothing stays of it. What is emptied this way goes too.
    static func remove(_ fields: FieldSet, from value: Value, _ shape: Shape) -> Value? {
        switch (shape, value) {
        case _ where fields.children.isEmpty: return value
        case (.structure, .object(let members)), (.map, .object(let members)):
            var rest = members
            let shapes = shape.members
            for (element, below) in fields.children {
                guard case .field(let name) = element, let member = members[name] else { continue }
                // A member that stays without content is null, so that it does not count as removed by itself.
                rest[name] = below.isMember ? nil : remove(below, from: member, shapes[name] ?? .leaf) ?? .null
            }
            return rest.isEmpty ? nil : .object(rest)
        case (.keyed, .array(let items)), (.set, .array(let items)):
            let rest = items.compactMap { removeItem($0, fields, shape) }
            return rest.isEmpty ? nil : .array(rest)
        default: return value
        }
    }

    private static func removeItem(_ item: Value, _ fields: FieldSet, _ shape: Shape) -> Value? {
        guard let below = shape.element(of: item).map({ fields[$0] }) else { return item }
        return below.isMember ? nil : remove(below, from: item, shape.item)
    }

    /// As the object is stored: a member that is null is absent, a text of a map that is null is empty.
    static func withoutNulls(_ value: Value, _ type: Schema.FieldType) -> Value {
        switch (value, type) {
        case (.object(let members), .object(let name)):
            guard let fields = Schema.fields(of: name) else { return value }
            return .object(members.filter { !$0.value.isNull }.reduce(into: [:]) { $0[$1.key] = withoutNulls($1.value, fields[$1.key] ?? .any) })
        case (.object(let members), .map(.string)): return .object(members.mapValues { $0.isNull ? "" : $0 })
        case (.object(let members), .map): return .object(members.filter { !$0.value.isNull })
        case (.array(let items), .list(let element, _)): return .array(items.map { withoutNulls($0, element) })
        default: return value
        }
    }
}

/// A merge of two lists item by item: what is applied stands in its own order; what only the live list has keeps its place among it.
private struct ListMerge {
    private let live: [(element: PathElement?, value: Value)]
    private let applied: [(element: PathElement?, value: Value)]
    private let shape: Shape
    /// Live items that are told apart, and those that are applied.
    private let lone: [PathElement: Value]
    private let wanted: Set<PathElement>

    init(live: [Value], applied: [Value], shape: Shape) {
        self.shape = shape
        self.live = live.map { (shape.element(of: $0), $0) }
        self.applied = applied.map { (shape.element(of: $0), $0) }
        var lone: [PathElement: Value] = [:]
        // An item that occurs twice is not merged with: the applied one replaces both.
        for (element, value) in self.live { if let element { lone[element] = lone[element] == nil ? value : .null } }
        self.lone = lone
        wanted = Set(self.applied.compactMap(\.element))
    }

    func merged() -> [Value] {
        var result: [Value] = [], rest = live[...]
        var shared = applied.compactMap(\.element).filter { lone[$0] != nil }[...]
        for (element, value) in applied {
            pass(&rest, to: &result, until: shared.first)
            if let element, element == shared.first {
                shared.removeFirst()
                if rest.first?.element == element { rest.removeFirst() }
            }
            result.append(ApplyMerge.merge(element.flatMap { lone[$0] }, value, shape.item))
        }
        pass(&rest, to: &result, until: nil)
        return result
    }

    /// Moves on to the item that is merged next, keeping those that are only live; those merged elsewhere are passed over.
    private func pass(_ rest: inout ArraySlice<(element: PathElement?, value: Value)>, to result: inout [Value], until next: PathElement?) {
        while let head = rest.first, head.element == nil || head.element != next {
            if head.element.map({ !wanted.contains($0) }) ?? true { result.append(head.value) }
            rest.removeFirst()
        }
    }
}
