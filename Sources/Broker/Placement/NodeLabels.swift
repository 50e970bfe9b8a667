/// The labels that every node has, and its own.
public enum NodeLabels {
    /// - Parameter facts: see `NodeRegistration`.
    public static func all(_ name: String, facts: [String: String], own: [String: String]) -> [String: String] {
        var labels = ["kubernetes.io/hostname": name, "kubernetes.io/os": "linux"]
        labels["kubernetes.io/arch"] = facts["architecture"]
        return labels.merging(own) { $1 }
    }
}
