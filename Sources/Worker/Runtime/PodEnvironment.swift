import BatchAPI

/// The environment of a container: what its manifest says, and PATH, HOME and HOSTNAME.
struct PodEnvironment {
    static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    let container: Container
    let pod: PodSpec
    let identity: PodIdentity
    let objects: PodObjects

    /// Variables in the order of the manifest; a value may refer to those before it.
    func make(isIndexed: Bool, home: String) async throws(PodRefusal) -> [String: String] {
        var variables = ["PATH": Self.path, "HOME": home, "HOSTNAME": identity.hostname]
        for source in container.envFrom { try await add(source, to: &variables) }
        if isIndexed { variables["JOB_COMPLETION_INDEX"] = identity.labels[PodIdentity.completionIndex] }
        for variable in container.env {
            if let value = try await value(of: variable, variables) { variables[variable.name] = value }
        }
        return variables
    }

    /// All keys of a ConfigMap or Secret.
    private func add(_ source: Value, to variables: inout [String: String]) async throws(PodRefusal) {
        for (key, kind) in [("configMapRef", PodObjects.Kind.configMap), ("secretRef", .secret)] {
            guard let reference = source[key], !reference.isNull else { continue }
            let content = try await objects.content(kind, reference["name"]?.string ?? "", isOptional: reference["optional"]?.bool == true)
            for (name, bytes) in content ?? [:] { variables[(source["prefix"]?.string ?? "") + name] = String(decoding: bytes, as: UTF8.self) }
        }
    }

    private func value(of variable: EnvVar, _ variables: [String: String]) async throws(PodRefusal) -> String? {
        guard let source = variable.valueFrom else { return VariableExpansion.expand(variable.value ?? "", variables) }
        if let path = source["fieldRef"]?["fieldPath"]?.string {
            if let value = identity.field(path) { return value }
            throw .configuration("env \(variable.name): field \(path) is not known here")
        }
        if let resource = source.present("resourceFieldRef") { return try ResourceField.text(resource, pod, of: container, "env \(variable.name)") }
        for (key, kind) in [("configMapKeyRef", PodObjects.Kind.configMap), ("secretKeyRef", .secret)] {
            if let reference = source.present(key) { return try await objects.value(kind, reference).map { String(decoding: $0, as: UTF8.self) } }
        }
        throw .configuration("env \(variable.name): \(source.object?.keys.sorted().first ?? "its source") can't be had on this worker")
    }
}
