import BatchAPI

/// The annotation of client-side apply, which `kubectl apply --server-side` takes over from.
enum LastApplied {
    static let annotation = "kubectl.kubernetes.io/last-applied-configuration"
    /// The only applier that the annotation matters to.
    private static let manager = "kubectl"
    /// Bytes that annotations may have in all.
    private static let maximumSize = 256 << 10

    /// What client-side apply set and is still so: kubectl may take that without a conflict. Empty for other appliers.
    static func fields(of live: Value?, manager: String, apiVersion: String, type: String) -> FieldSet {
        guard manager == self.manager, let live, let text = text(of: live), let applied = try? Value.parse(json: Array(text.utf8)),
            applied["apiVersion"]?.string == apiVersion, ConfigCheck.problems(of: applied, type: type).isEmpty
        else { return FieldSet() }
        let change = Comparison(applied, live, type: type)
        return FieldSet(of: applied, type: type).difference(change.written).difference(change.removed)
    }

    /// The object with the annotation telling the new configuration, where it has the annotation and kubectl applies.
    static func synced(_ object: Value, config: Value, manager: String) -> Value {
        guard manager == self.manager, text(of: object) != nil else { return object }
        var result = object, plain = config
        if plain["metadata"]?["annotations"] != nil { plain["metadata"]?["annotations"]?[annotation] = nil }
        result["metadata"]?["annotations"]?[annotation] = .string(plain.encoded() + "\n")
        let size = (result["metadata"]?["annotations"]?.stringMap ?? [:]).reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        if size > maximumSize { result["metadata"]?["annotations"]?[annotation] = nil }
        return result
    }

    private static func text(of object: Value) -> String? {
        object["metadata"]?["annotations"]?[annotation]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }
}
