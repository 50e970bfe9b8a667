import BatchAPI

/// RFC 7386: null removes, objects merge, everything else replaces.
enum MergePatch {
    static func apply(_ patch: Value, to target: Value) -> Value {
        guard case .object(let changes) = patch else { return patch }
        var members = target.object ?? [:]
        for (key, change) in changes {
            members[key] = change.isNull ? nil : apply(change, to: members[key] ?? .null)
        }
        return .object(members)
    }
}
