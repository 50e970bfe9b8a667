/// The rules of probes and lifecycle hooks.
enum ProbeValidation {
    private static let handlers = ["exec", "httpGet", "tcpSocket", "grpc"]

    static func validate(_ container: Container, _ path: String, areAllowed: Bool) -> [FieldError] {
        var list = ErrorList()
        for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
            guard let probe = container.raw.present(name) else { continue }
            let field = "\(path).\(name)"
            if !areAllowed {
                list.add(.forbidden(field, "may not be set for init containers without restartPolicy=Always"))
                continue
            }
            list.add(validateProbe(probe, field))
            if name != "readinessProbe", let threshold = probe["successThreshold"]?.int, threshold != 1 {
                list.invalid("\(field).successThreshold", threshold, "must be 1")
            }
        }
        list.add(validateLifecycle(container, "\(path).lifecycle", areAllowed: areAllowed))
        return list.errors
    }

    private static func validateLifecycle(_ container: Container, _ path: String, areAllowed: Bool) -> [FieldError] {
        guard let lifecycle = container.raw.present("lifecycle") else { return [] }
        if !areAllowed { return [.forbidden(path, "may not be set for init containers without restartPolicy=Always")] }
        var list = ErrorList()
        for hook in ["postStart", "preStop"] {
            guard let handler = lifecycle.present(hook) else { continue }
            list.add(validateHandler(handler, "\(path).\(hook)", ["exec", "httpGet", "tcpSocket", "sleep"]))
        }
        return list.errors
    }

    private static func validateProbe(_ probe: Value, _ path: String) -> [FieldError] {
        var list = ErrorList()
        list.add(validateHandler(probe, path, handlers))
        for key in ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] {
            list.nonNegative("\(path).\(key)", probe[key]?.int)
        }
        if let seconds = probe["terminationGracePeriodSeconds"]?.int, seconds <= 0 {
            list.invalid("\(path).terminationGracePeriodSeconds", seconds, "must be greater than 0")
        }
        return list.errors
    }

    private static func validateHandler(_ object: Value, _ path: String, _ handlers: [String]) -> [FieldError] {
        let given = handlers.filter { object.present($0) != nil }
        guard let first = given.first else { return [.required(path, "must specify a handler type")] }
        var list = ErrorList()
        list.add(validateAction(object[first] ?? .null, first, "\(path).\(first)"))
        for other in given.dropFirst() { list.add(.forbidden("\(path).\(other)", "may not specify more than 1 handler type")) }
        return list.errors
    }

    private static func validateAction(_ action: Value, _ handler: String, _ path: String) -> [FieldError] {
        var list = ErrorList()
        switch handler {
        case "exec":
            if (action["command"]?.array ?? []).isEmpty { list.add(.required("\(path).command")) }
        case "httpGet":
            if action["path"]?.string ?? "" == "" { list.add(.required("\(path).path")) }
            list.add(validatePort(action["port"], "\(path).port"))
            list.oneOf("\(path).scheme", action["scheme"]?.string, ["HTTP", "HTTPS"])
        case "tcpSocket", "grpc": list.add(validatePort(action["port"], "\(path).port"))
        default: break
        }
        return list.errors
    }

    private static func validatePort(_ port: Value?, _ path: String) -> [FieldError] {
        if let name = port?.string {
            return name.isEmpty ? [.invalid(path, "", "must be at least one letter or number (a-z, 0-9)")] : []
        }
        let number = port?.int ?? 0
        return ContainerValidation.isPort(number) ? [] : [.invalid(path, .int(Int64(number)), ContainerValidation.portRule)]
    }
}
