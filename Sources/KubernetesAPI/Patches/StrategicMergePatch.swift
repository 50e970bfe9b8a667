import BatchAPI

/// A strategic merge patch: a merge patch that merges lists of maps by the merge keys of the schema and obeys `$patch`,
/// `$retainKeys` and `$deleteFromPrimitiveList`. `$setElementOrder` only orders what is merged anyway, so it is passed over.
enum StrategicMergePatch {
    static func apply(_ patch: Value, to target: Value, as type: Schema.FieldType) throws(APIStatus) -> Value {
        switch (patch, type) {
        case (.object(let changes), _): return try applyMap(changes, to: target, type)
        case (.array(let changes), .list(let element, let mergeKey?)):
            return .array(try applyList(changes, to: target.array ?? [], element, mergeKey))
        case (.array(let changes), .set):
            let present = target.array ?? []
            return .array(present + changes.filter { !present.contains($0) })
        default: return patch
        }
    }

    private static func applyMap(_ changes: [String: Value], to target: Value, _ type: Schema.FieldType) throws(APIStatus) -> Value {
        var members = target.object ?? [:]
        if let directive = changes["$patch"]?.string {
            switch directive {
            case "replace": return .object(changes.filter { $0.key != "$patch" })
            case "delete": return .object([:])
            case "merge": break
            default: throw .badRequest("unknown patch directive \"\(directive)\" (known: merge, replace, delete)")
            }
        }
        if let kept = changes["$retainKeys"]?.strings { members = members.filter { kept.contains($0.key) } }
        for (key, change) in changes {
            if key.hasPrefix("$") {
                removeFromSet(key, change, &members)
            } else {
                members[key] = change.isNull ? nil : try apply(change, to: members[key] ?? .null, as: fieldType(key, in: type))
            }
        }
        return .object(members)
    }

    private static func removeFromSet(_ key: String, _ change: Value, _ members: inout [String: Value]) {
        let prefix = "$deleteFromPrimitiveList/"
        guard key.hasPrefix(prefix), let removed = change.array else { return }
        let field = String(key.dropFirst(prefix.count))
        guard let present = members[field]?.array else { return }
        members[field] = .array(present.filter { !removed.contains($0) })
    }

    private static func applyList(
        _ changes: [Value], to target: [Value], _ element: Schema.FieldType, _ mergeKey: String
    ) throws(APIStatus) -> [Value] {
        if changes.contains(where: { $0["$patch"]?.string == "replace" && $0.object?.count == 1 }) {
            return changes.filter { $0["$patch"] == nil }
        }
        var result = target
        for change in changes {
            guard let key = change[mergeKey] else { throw .badRequest("map: \(change.encoded()) does not contain declared merge key: \(mergeKey)") }
            let position = result.firstIndex { $0[mergeKey] == key }
            if change["$patch"]?.string == "delete" {
                if let position { result.remove(at: position) }
            } else if let position {
                result[position] = try apply(change, to: result[position], as: element)
            } else {
                result.append(try apply(change, to: .null, as: element))
            }
        }
        return result
    }

    private static func fieldType(_ key: String, in type: Schema.FieldType) -> Schema.FieldType {
        switch type {
        case .object(let name): Schema.fields(of: name)?[key] ?? .any
        case .map(let element): element
        default: .any
        }
    }
}
