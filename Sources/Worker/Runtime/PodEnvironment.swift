import BatchAPI

/// The environment of a container: what its manifest says, and PATH, HOME and HOSTNAME.
enum PodEnvironment {
    static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// Variables in the order of the manifest; a value may refer to those before it.
    static func make(_ container: Container, _ identity: PodIdentity, isIndexed: Bool, home: String) throws(PodRefusal) -> [String: String] {
        var variables = ["PATH": path, "HOME": home, "HOSTNAME": identity.hostname]
        if let source = container.envFrom.first(where: { !isOptional($0) }) {
            throw PodRefusal("CreateContainerConfigError", "envFrom: \(reference(source)) not found")
        }
        if isIndexed { variables["JOB_COMPLETION_INDEX"] = identity.labels[PodIdentity.completionIndex] }
        for variable in container.env {
            if let value = try value(of: variable, container, identity, variables) { variables[variable.name] = value }
        }
        return variables
    }

    private static func value(
        of variable: EnvVar, _ container: Container, _ identity: PodIdentity, _ variables: [String: String]
    ) throws(PodRefusal) -> String? {
        guard let source = variable.valueFrom else { return VariableExpansion.expand(variable.value ?? "", variables) }
        if let path = source["fieldRef"]?["fieldPath"]?.string {
            if let value = identity.field(path) { return value }
            throw PodRefusal("CreateContainerConfigError", "env \(variable.name): field \(path) is not known here")
        }
        if let resource = source["resourceFieldRef"] { return try amount(resource, container, variable.name) }
        if let key = source["configMapKeyRef"] ?? source["secretKeyRef"], key["optional"]?.bool == true { return nil }
        throw PodRefusal("CreateContainerConfigError", "env \(variable.name): \(reference(source)) not found")
    }

    /// `limits.cpu` in units of the divisor, rounded up.
    private static func amount(_ reference: Value, _ container: Container, _ name: String) throws(PodRefusal) -> String {
        let parts = (reference["resource"]?.string ?? "").split(separator: ".", maxSplits: 1).map { String($0) }
        guard parts.count == 2, let text = parts[0] == "limits" ? container.limit(parts[1]) : container.request(parts[1]),
            let quantity = try? Quantity(text)
        else { throw PodRefusal("CreateContainerConfigError", "env \(name): the container states no \(parts.joined(separator: "."))") }
        let divisor = reference["divisor"].flatMap { try? Quantity($0) }.map(\.nanos) ?? 0
        let unit = divisor == 0 ? 1_000_000_000 : divisor
        return String((quantity.nanos + unit - 1) / unit)
    }

    private static func isOptional(_ source: Value) -> Bool {
        (source["configMapRef"] ?? source["secretRef"])?["optional"]?.bool == true
    }

    private static func reference(_ source: Value) -> String {
        for (key, kind) in [("configMapRef", "configmap"), ("configMapKeyRef", "configmap"), ("secretRef", "secret"), ("secretKeyRef", "secret")] {
            if let name = source[key]?["name"]?.string { return "\(kind) \"\(name)\"" }
        }
        return source.object?.keys.sorted().first ?? "its source"
    }
}
