/// The rules of a container's environment.
enum EnvValidation {
    private static let sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"]
    private static let fieldPaths: Set<String> = [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP",
        "status.hostIPs", "status.podIP", "status.podIPs",
    ]
    private static let resources = [
        "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory",
    ]

    static func validate(_ container: Container, _ path: String) -> [FieldError] {
        var list = ErrorList()
        for (position, variable) in container.env.enumerated() {
            list.add(validateVariable(variable, "\(path).env[\(position)]"))
        }
        for (position, source) in container.envFrom.enumerated() {
            list.add(validateSet(source, "\(path).envFrom[\(position)]"))
        }
        return list.errors
    }

    private static func validateVariable(_ variable: EnvVar, _ path: String) -> [FieldError] {
        var list = ErrorList()
        if variable.name.isEmpty {
            list.add(.required("\(path).name"))
        } else {
            list.invalid("\(path).name", variable.name, NameRules.envVarName(variable.name))
        }
        if let source = variable.valueFrom { list.add(validateSource(source, "\(path).valueFrom", hasValue: variable.value ?? "" != "")) }
        return list.errors
    }

    private static func validateSource(_ source: Value, _ path: String, hasValue: Bool) -> [FieldError] {
        var list = ErrorList()
        let given = sources.filter { source.present($0) != nil }
        if let reference = source.present("fieldRef") { list.add(validateFieldRef(reference, "\(path).fieldRef")) }
        if let reference = source.present("resourceFieldRef") {
            list.add(validateResource(reference, "\(path).resourceFieldRef"))
        }
        for key in ["configMapKeyRef", "secretKeyRef"] {
            guard let reference = source.present(key) else { continue }
            if reference["name"]?.string ?? "" == "" { list.add(.required("\(path).\(key).name")) }
            if reference["key"]?.string ?? "" == "" { list.add(.required("\(path).\(key).key")) }
        }
        if given.isEmpty {
            let names = "`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
            list.add(.invalid(path, "", "must specify one of: \(names)"))
        } else if hasValue {
            list.add(.invalid(path, "", "may not be specified when `value` is not empty"))
        } else if given.count > 1 {
            list.add(.invalid(path, "", "may not have more than one field specified at a time"))
        }
        return list.errors
    }

    private static func validateFieldRef(_ reference: Value, _ path: String) -> [FieldError] {
        let fieldPath = reference["fieldPath"]?.string ?? ""
        if fieldPath.isEmpty { return [.required("\(path).fieldPath")] }
        if fieldPaths.contains(fieldPath) || isSubscript(fieldPath) { return [] }
        let detail = "error converting fieldPath: field label not supported: \(fieldPath)"
        return [.invalid("\(path).fieldPath", .string(fieldPath), detail)]
    }

    /// `metadata.labels['key']`, `metadata.annotations['key']`.
    private static func isSubscript(_ path: String) -> Bool {
        ["metadata.labels['", "metadata.annotations['"].contains { path.hasPrefix($0) && path.hasSuffix("']") && path.count > $0.count + 2 }
    }

    private static func validateResource(_ reference: Value, _ path: String) -> [FieldError] {
        let name = reference["resource"]?.string ?? ""
        if name.isEmpty { return [.required("\(path).resource")] }
        if resources.contains(name) || name.contains("hugepages-") { return [] }
        return [.notSupported("\(path).resource", name, resources)]
    }

    private static func validateSet(_ source: Value, _ path: String) -> [FieldError] {
        var list = ErrorList()
        let prefix = source["prefix"]?.string ?? ""
        list.invalid("\(path).prefix", prefix, NameRules.envVarName(prefix))
        let given = ["configMapRef", "secretRef"].filter { source.present($0) != nil }
        for key in given where source[key]?["name"]?.string ?? "" == "" { list.add(.required("\(path).\(key).name")) }
        if given.isEmpty { list.add(.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`")) }
        if given.count > 1 { list.add(.invalid(path, "", "may not have more than one field specified at a time")) }
        return list.errors
    }
}
