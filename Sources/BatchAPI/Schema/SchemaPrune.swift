extension Schema {
    /// An object of a type without null members and without fields that the type lacks, as a server stores it.
    public static func pruned(_ value: Value, as type: String) -> Value { pruned(value, as: .object(type)) }

    private static func pruned(_ value: Value, as type: FieldType) -> Value {
        switch (value, type) {
        case (.object(let members), .object(let name)):
            guard let fields = fields(of: name) else { return value }
            var kept: [String: Value] = [:]
            for (key, member) in members {
                guard let fieldType = fields[key], !member.isNull else { continue }
                kept[key] = pruned(member, as: fieldType)
            }
            return .object(kept)
        case (.array(let elements), .list(let element, _)): return .array(elements.map { pruned($0, as: element) })
        default: return value
        }
    }
}
