/// One container of a pod spec: kept whole, with typed views.
public struct Container: Sendable, Hashable {
    /// The object form.
    public var raw: Value

    /// Wraps the object form.
    public init(_ raw: Value) { self.raw = raw }

    public var name: String { raw["name"]?.string ?? "" }
    public var image: String { raw["image"]?.string ?? "" }
    /// Replaces the image's entry point; empty if unset.
    public var command: [String] { raw["command"]?.strings ?? [] }
    /// Arguments of the command; empty if unset.
    public var args: [String] { raw["args"]?.strings ?? [] }
    public var workingDir: String? { raw["workingDir"]?.string }
    /// Always on an init container makes it a sidecar.
    public var restartPolicy: String? { raw["restartPolicy"]?.string }
    public var imagePullPolicy: String? { raw["imagePullPolicy"]?.string }
    /// `{requests, limits, claims}`.
    public var resources: Value? { raw.present("resources") }
    public var securityContext: Value? { raw.present("securityContext") }
    /// Sources of whole sets of variables: configMapRef, secretRef, prefix.
    public var envFrom: [Value] { raw["envFrom"]?.array ?? [] }

    public var env: [EnvVar] {
        get { (raw["env"]?.array ?? []).map { EnvVar($0) } }
        set { raw["env"] = newValue.isEmpty ? nil : .array(newValue.map(\.raw)) }
    }

    public var volumeMounts: [VolumeMount] { (raw["volumeMounts"]?.array ?? []).map { VolumeMount($0) } }

    /// The requested amount of a resource ("cpu", "memory"), as text or number.
    public func request(_ resource: String) -> Value? { resources?["requests"]?[resource] }

    /// The limit of a resource ("cpu", "memory"), as text or number.
    public func limit(_ resource: String) -> Value? { resources?["limits"]?[resource] }
}

/// One environment variable of a container.
public struct EnvVar: Sendable, Hashable {
    /// The object form.
    public var raw: Value

    /// Wraps the object form.
    public init(_ raw: Value) { self.raw = raw }

    /// A variable with a plain value.
    public init(name: String, value: String) { raw = ["name": .string(name), "value": .string(value)] }

    public var name: String { raw["name"]?.string ?? "" }
    /// The plain value; nil where unset.
    public var value: String? { raw["value"]?.string }
    /// Where the value comes from: fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef.
    public var valueFrom: Value? { raw.present("valueFrom") }
}

/// One place at which a container sees a volume.
public struct VolumeMount: Sendable, Hashable {
    /// The object form.
    public var raw: Value

    /// Wraps the object form.
    public init(_ raw: Value) { self.raw = raw }

    public var name: String { raw["name"]?.string ?? "" }
    public var mountPath: String { raw["mountPath"]?.string ?? "" }
    public var readOnly: Bool { raw["readOnly"]?.bool ?? false }
    /// A path within the volume; nil for its root.
    public var subPath: String? { raw["subPath"]?.string }
    public var subPathExpr: String? { raw["subPathExpr"]?.string }
}
