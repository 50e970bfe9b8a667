import BatchAPI

extension FieldSet {
    /// What applying an object of a type claims: its leaves, its list items and the keys of its maps.
    init(of object: Value, type: String) { self = Self.fields(object, .structure(type)) }

    private static func fields(_ value: Value, _ shape: Shape) -> FieldSet {
        switch (shape, value) {
        case (.leaf, _): return FieldSet(isMember: true)
        case (.structure, .object(let members)), (.map, .object(let members)): return memberFields(members, shape)
        case (.keyed, .array(let items)), (.set, .array(let items)): return itemFields(items, shape)
        // The member above adds a null; anything else that does not fit is one thing.
        default: return FieldSet(isMember: !value.isNull)
        }
    }

    private static func memberFields(_ members: [String: Value], _ shape: Shape) -> FieldSet {
        var result = FieldSet()
        let shapes = shape.members
        for (name, member) in members {
            guard let below = shapes[name] else { continue }
            var fields = fields(member, below)
            if case .map = shape { fields.isMember = true }
            if member.isNull || member == .object([:]) { fields.isMember = true }
            result[.field(name)] = fields
        }
        return result
    }

    private static func itemFields(_ items: [Value], _ shape: Shape) -> FieldSet {
        var result = FieldSet()
        for item in items {
            guard let element = shape.element(of: item) else { continue }
            // Of items that can't be told apart only the key is owned.
            let isFirst = result.children[element] == nil
            var fields = isFirst ? fields(item, shape.item) : FieldSet()
            fields.isMember = true
            result[element] = fields
        }
        return result
    }

    /// With the fields that hold what is in the set: those that a type has by name, not keys of maps and not list items. Unless `containers`
    /// are meant too, only such that are objects with a type: what a map or list holds may be of many owners, or of none.
    func withHolders(_ shape: Shape, containers: Bool) -> FieldSet {
        var result = self
        let shapes = shape.members
        for (element, child) in children {
            guard case .field(let name) = element else {
                result[element] = child.withHolders(shape.item, containers: containers)
                continue
            }
            let member = shapes[name] ?? .leaf
            var below = child.withHolders(member, containers: containers)
            if shape.isStructure, containers || member.isStructure { below.isMember = true }
            result[element] = below
        }
        return result
    }
}
