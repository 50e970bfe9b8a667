/// A batch/v1 Job.
public struct Job: Sendable, Hashable {
    public var metadata: ObjectMeta
    public var spec: JobSpec
    public var status: JobStatus

    /// A Job of its parts.
    public init(metadata: ObjectMeta, spec: JobSpec, status: JobStatus = JobStatus()) {
        self.metadata = metadata
        self.spec = spec
        self.status = status
    }

    /// Reads the object form; apiVersion and kind are not looked at.
    public init(_ value: Value) {
        metadata = ObjectMeta(value["metadata"] ?? .object([:]))
        spec = JobSpec(value["spec"] ?? .object([:]))
        status = JobStatus(value["status"] ?? .object([:]))
    }

    /// The object form, with apiVersion and kind.
    public var value: Value {
        [
            "apiVersion": "batch/v1", "kind": "Job",
            "metadata": metadata.value, "spec": spec.value, "status": status.value,
        ]
    }
}
