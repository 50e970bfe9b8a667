/// What `kubectl explain` says.
enum OpenAPITexts {
    /// Of a type, or of a type's field; nil where nothing is said.
    static func text(_ type: String, _ field: String? = nil) -> String? {
        guard let field else { return texts[type] }
        return texts["\(type).\(field)"] ?? (OpenAPIKinds.identity(of: type, groups: []) == nil ? nil : common[field])
    }

    static var keys: [String] { texts.keys.sorted() }

    /// By "Type" and "Type.field".
    private static let texts: [String: String] = [
        job, jobStatus, jobPolicies, meta, pod, podOther, podStatus, container, containerOther, environment, probes, volumes, cluster,
    ].reduce(into: [:]) { all, group in all.merge(group, uniquingKeysWith: { $1 }) }

    /// What means the same in every kind.
    private static let common = [
        "apiVersion": "Group and version of the object's kind, as \"batch/v1\".",
        "kind": "What the object is, as \"Job\".",
        "metadata": "Name, labels and the other properties that every object has.",
    ]
}
