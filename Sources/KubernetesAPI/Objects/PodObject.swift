import BatchAPI
import Broker

/// A Pod as clients see it. Left out is what only a cluster adds: service account tokens, priorities, addresses.
public enum PodObject {
    static let completionIndex = PodForm.completionIndex
    static let failureCount = PodForm.failureCount
    static let ignoredCount = PodForm.ignoredCount
    static let finalizer = PodForm.finalizer

    /// The object.
    public static func value(_ job: Job, _ pod: PodRecord) -> Value {
        let spec = PodForm.spec(job, pod)
        return [
            "apiVersion": "v1", "kind": "Pod", "metadata": PodForm.metadata(job, pod).value, "spec": spec,
            "status": pod.status ?? PodStatus.value(PodSpec(spec), pod),
        ]
    }

    static func edits(_ metadata: ObjectMeta) -> Value { PodForm.edits(metadata) }
}
