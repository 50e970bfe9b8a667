/// What a server fills into a pod template's spec.
enum PodDefaults {
    static func setTemplateSpec(_ spec: inout Value) {
        setServiceAccount(&spec)
        spec.setDefault("restartPolicy", "Always")
        spec.setDefault("dnsPolicy", "ClusterFirst")
        spec.setDefault("terminationGracePeriodSeconds", 30)
        spec.setDefault("securityContext", .object([:]))
        spec.setDefault("schedulerName", "default-scheduler")
        spec.update("overhead") { $0.canonicalizeQuantities() }
        spec.updateEach("volumes", VolumeDefaults.set)
        let hostNetwork = spec["hostNetwork"]?.bool ?? false
        for list in ["containers", "initContainers"] {
            spec.updateEach(list) { setContainer(&$0, hostNetwork: hostNetwork) }
        }
    }

    /// The old name of the field follows the new one.
    private static func setServiceAccount(_ spec: inout Value) {
        if let name = spec["serviceAccountName"] ?? spec["serviceAccount"] {
            spec["serviceAccountName"] = name
            spec["serviceAccount"] = name
        }
    }

    private static func setContainer(_ container: inout Value, hostNetwork: Bool) {
        container.setDefault("imagePullPolicy", .string(pullPolicy(image: container["image"]?.string ?? "")))
        container.setDefault("terminationMessagePath", "/dev/termination-log")
        container.setDefault("terminationMessagePolicy", "File")
        container.setDefault("resources", .object([:]))
        container.update("resources") { resources in
            resources.update("requests") { $0.canonicalizeQuantities() }
            resources.update("limits") { $0.canonicalizeQuantities() }
        }
        container.updateEach("ports") { port in
            port.setDefault("protocol", "TCP")
            if hostNetwork, let number = port["containerPort"] { port.setDefault("hostPort", number) }
        }
        container.updateEach("env") { $0.update("valueFrom", setFieldReference) }
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] { container.update(probe, setProbe) }
        container.update("lifecycle") { lifecycle in
            for hook in ["postStart", "preStop"] { lifecycle.update(hook) { $0.update("httpGet", setHTTPGet) } }
        }
    }

    static func setFieldReference(_ source: inout Value) {
        source.update("fieldRef") { $0.setDefault("apiVersion", "v1") }
        source.update("resourceFieldRef") { reference in
            reference["divisor"] = reference["divisor"]?.canonicalQuantity ?? "0"
        }
    }

    private static func setProbe(_ probe: inout Value) {
        probe.setDefault("timeoutSeconds", 1)
        probe.setDefault("periodSeconds", 10)
        probe.setDefault("successThreshold", 1)
        probe.setDefault("failureThreshold", 3)
        probe.update("httpGet", setHTTPGet)
        probe.update("grpc") { $0.setDefault("service", "") }
    }

    private static func setHTTPGet(_ action: inout Value) {
        action.setDefault("path", "/")
        action.setDefault("scheme", "HTTP")
    }

    /// Always for a moving tag (`latest` or none), else IfNotPresent.
    static func pullPolicy(image: String) -> String {
        if image.contains("@") { return "IfNotPresent" }
        // A colon before the last slash belongs to a registry's port.
        let lastPart = image.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard let colon = lastPart.lastIndex(of: ":") else { return "Always" }
        return lastPart[lastPart.index(after: colon)...] == "latest" ? "Always" : "IfNotPresent"
    }
}
