/// The checks of `metadata` that all kinds share.
public enum NameCheck {
    /// - Parameter isLabel: the name must be a DNS label, as a namespace's; else a subdomain.
    public static func errors(_ object: Value, isLabel: Bool = false) -> [FieldError] {
        let metadata = ObjectMeta(object["metadata"] ?? .null)
        if metadata.name.isEmpty { return [.required("metadata.name", "name or generateName is required")] }
        let problems = isLabel ? NameRules.dnsLabel(metadata.name) : NameRules.dnsSubdomain(metadata.name)
        return problems.map { .invalid("metadata.name", .string(metadata.name), $0) }
    }
}
