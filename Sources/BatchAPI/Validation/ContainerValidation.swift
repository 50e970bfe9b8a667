/// The rules of one container (V25).
enum ContainerValidation {
    static func validate(_ container: Container, _ path: String, volumes: Set<String>, isInit: Bool) -> [FieldError] {
        var list = ErrorList()
        list.add(validateIdentity(container, path))
        list.add(validatePorts(container, "\(path).ports"))
        list.add(EnvValidation.validate(container, path))
        list.add(validateMounts(container.volumeMounts, "\(path).volumeMounts", volumes))
        list.oneOf("\(path).imagePullPolicy", container.imagePullPolicy, ["Always", "IfNotPresent", "Never"])
        list.add(ResourceValidation.validate(container.resources, "\(path).resources"))
        list.add(SecurityValidation.validateContainer(container.securityContext, "\(path).securityContext"))
        list.oneOf(
            "\(path).terminationMessagePolicy", container.raw["terminationMessagePolicy"]?.string, ["File", "FallbackToLogsOnError"])
        list.oneOf("\(path).restartPolicy", container.restartPolicy, ["Always", "Never", "OnFailure"])
        list.add(ProbeValidation.validate(container, path, areAllowed: !isInit || container.restartPolicy == "Always"))
        return list.errors
    }

    private static func validateIdentity(_ container: Container, _ path: String) -> [FieldError] {
        var list = ErrorList()
        if container.name.isEmpty {
            list.add(.required("\(path).name"))
        } else {
            list.invalid("\(path).name", container.name, NameRules.dnsLabel(container.name))
        }
        let image = container.image
        if image.allSatisfy(\.isWhitespace) {
            list.add(.required("\(path).image"))
        } else if image.first?.isWhitespace == true || image.last?.isWhitespace == true {
            list.invalid("\(path).image", image, ["must not have leading or trailing whitespace"])
        }
        return list.errors
    }

    private static func validatePorts(_ container: Container, _ path: String) -> [FieldError] {
        var list = ErrorList()
        for (position, port) in (container.raw["ports"]?.array ?? []).enumerated() {
            let field = "\(path)[\(position)]"
            let number = port["containerPort"]?.int ?? 0
            if number == 0 { list.add(.required("\(field).containerPort")) }
            if number != 0, !isPort(number) { list.invalid("\(field).containerPort", number, portRule) }
            if let host = port["hostPort"]?.int, host != 0, !isPort(host) { list.invalid("\(field).hostPort", host, portRule) }
            list.oneOf("\(field).protocol", port["protocol"]?.string, ["SCTP", "TCP", "UDP"])
        }
        return list.errors
    }

    static let portRule = "must be between 1 and 65535, inclusive"

    static func isPort(_ number: Int) -> Bool { (1...65535).contains(number) }

    private static func validateMounts(_ mounts: [VolumeMount], _ path: String, _ volumes: Set<String>) -> [FieldError] {
        var list = ErrorList()
        var paths: Set<String> = []
        for (position, mount) in mounts.enumerated() {
            let field = "\(path)[\(position)]"
            if mount.name.isEmpty {
                list.add(.required("\(field).name"))
            } else if !volumes.contains(mount.name) {
                list.add(.notFound("\(field).name", .string(mount.name)))
            }
            if mount.mountPath.isEmpty { list.add(.required("\(field).mountPath")) }
            if !paths.insert(mount.mountPath).inserted { list.invalid("\(field).mountPath", mount.mountPath, ["must be unique"]) }
            // The server leaves the position out here.
            for (key, text) in [("subPath", mount.subPath), ("subPathExpr", mount.subPathExpr)] {
                if let text { list.invalid("\(path).\(key)", text, VolumeValidation.relativePathProblems(text)) }
            }
        }
        return list.errors
    }
}
