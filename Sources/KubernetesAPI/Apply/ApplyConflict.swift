import BatchAPI

extension APIStatus {
    /// 409: fields that others own with other values.
    static func applyConflict(_ conflicts: [ManagedEntry.Identity: FieldSet]) -> APIStatus {
        let owners = conflicts.map { (owner: $0.key, paths: $0.value.paths.map(\.text)) }.sorted { $0.owner < $1.owner }
        let causes = owners.flatMap { owner, paths in
            paths.map { path -> Value in
                ["reason": "FieldManagerConflict", "message": .string("conflict with \(owner.shown)"), "field": .string(path)]
            }
        }
        return APIStatus(code: 409, reason: "Conflict", message: message(owners, count: causes.count), details: ["causes": .array(causes)])
    }

    private static func message(_ owners: [(owner: ManagedEntry.Identity, paths: [String])], count: Int) -> String {
        if count == 1, let only = owners.first {
            return "Apply failed with 1 conflict: conflict with \(only.owner.shown): \(only.paths.joined())"
        }
        let lines = owners.flatMap { ["conflicts with \($0.owner.shown):"] + $0.paths.map { "- \($0)" } }
        return "Apply failed with \(count) conflicts: \(lines.joined(separator: "\n"))"
    }
}

extension ManagedEntry.Identity: Comparable {
    static func < (left: Self, right: Self) -> Bool { left.order.lexicographicallyPrecedes(right.order) }

    private var order: [String] { [manager, operation.rawValue, apiVersion, subresource] }

    /// The owner in a message.
    fileprivate var shown: String {
        let name = Value.string(manager).encoded() + (subresource.isEmpty ? "" : " with subresource \(Value.string(subresource).encoded())")
        return operation == .update ? "\(name) using \(apiVersion)" : name
    }
}

extension [PathElement] {
    /// The path in a message: `.spec.template.spec.containers[name="c"].image`.
    var text: String { map(\.description).joined() }
}
