/// The pod template of a Job: labels, annotations and a pod spec.
public struct PodTemplate: Sendable, Hashable {
    /// The metadata as it came; null if there was none.
    public var metadata: Value
    public var spec: PodSpec

    /// A template of its parts.
    public init(metadata: Value = .object([:]), spec: PodSpec) {
        self.metadata = metadata
        self.spec = spec
    }

    /// Reads the object form.
    public init(_ value: Value) {
        metadata = value["metadata"] ?? .null
        spec = PodSpec(value["spec"] ?? .null)
    }

    /// The object form.
    public var value: Value {
        var members = Members()
        members.set("metadata", metadata.isNull ? nil : metadata)
        members.set("spec", spec.raw.isNull ? nil : spec.raw)
        return members.value
    }

    /// The labels of the pods to be.
    public var labels: [String: String] {
        get { metadata["labels"]?.stringMap ?? [:] }
        set { metadata["labels"] = newValue.isEmpty ? nil : .strings(newValue) }
    }

    /// The annotations of the pods to be.
    public var annotations: [String: String] {
        get { metadata["annotations"]?.stringMap ?? [:] }
        set { metadata["annotations"] = newValue.isEmpty ? nil : .strings(newValue) }
    }
}

/// The spec of a pod: kept whole, with typed views of the fields that are acted upon.
public struct PodSpec: Sendable, Hashable {
    /// The object form.
    public var raw: Value

    /// Wraps the object form.
    public init(_ raw: Value) { self.raw = raw }

    /// Always, OnFailure or Never (V3).
    public var restartPolicy: String? {
        get { raw["restartPolicy"]?.string }
        set { raw["restartPolicy"] = newValue.map { .string($0) } }
    }

    public var containers: [Container] {
        get { list("containers").map { Container($0) } }
        set { raw["containers"] = .array(newValue.map(\.raw)) }
    }

    public var initContainers: [Container] {
        get { list("initContainers").map { Container($0) } }
        set { raw["initContainers"] = newValue.isEmpty ? nil : .array(newValue.map(\.raw)) }
    }

    /// Volumes: objects with a name and one source.
    public var volumes: [Value] { list("volumes") }

    /// Seconds between SIGTERM and SIGKILL; 30 where unset.
    public var terminationGracePeriodSeconds: Int { raw["terminationGracePeriodSeconds"]?.int ?? 30 }

    /// Seconds that a pod may run (P9).
    public var activeDeadlineSeconds: Int? { raw["activeDeadlineSeconds"]?.int }

    public var runtimeClassName: String? { raw["runtimeClassName"]?.string }
    /// What runs its items.
    public var runtime: RuntimeClass { RuntimeClass(rawValue: runtimeClassName ?? "") ?? .process }
    public var schedulerName: String? { raw["schedulerName"]?.string }
    /// Whether an agent outside is to bind and run the pod.
    public var isScheduledElsewhere: Bool { !["", "default-scheduler", "drover"].contains(schedulerName ?? "") }
    public var serviceAccountName: String? { raw["serviceAccountName"]?.string }
    public var priorityClassName: String? { raw["priorityClassName"]?.string }
    public var subdomain: String? { raw["subdomain"]?.string }
    public var nodeSelector: [String: String] { raw["nodeSelector"]?.stringMap ?? [:] }
    public var affinity: Value? { raw.present("affinity") }
    public var tolerations: [Value] { list("tolerations") }
    public var schedulingGates: [Value] { list("schedulingGates") }
    public var topologySpreadConstraints: [Value] { list("topologySpreadConstraints") }
    public var securityContext: Value? { raw.present("securityContext") }
    public var hostNetwork: Bool { raw["hostNetwork"]?.bool ?? false }
    public var hostPID: Bool { raw["hostPID"]?.bool ?? false }
    public var hostIPC: Bool { raw["hostIPC"]?.bool ?? false }

    /// The node the pod is bound to, or is asked for.
    public var nodeName: String? {
        get { raw["nodeName"]?.string }
        set { raw["nodeName"] = newValue.map { .string($0) } }
    }

    public var hostname: String? {
        get { raw["hostname"]?.string }
        set { raw["hostname"] = newValue.map { .string($0) } }
    }

    private func list(_ key: String) -> [Value] { raw[key]?.array ?? [] }
}
