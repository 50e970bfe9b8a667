import BatchAPI
import Broker

/// A Pod as clients see it: the varying fields of its record, filled up from its Job's template (P11-P13).
public enum PodObject {
    static let completionIndex = "batch.kubernetes.io/job-completion-index"
    static let failureCount = "batch.kubernetes.io/job-index-failure-count"
    static let finalizer = "batch.kubernetes.io/job-tracking"

    /// The object. Left out is what only a cluster adds: service account tokens, priorities, addresses.
    public static func value(_ job: Job, _ pod: PodRecord) -> Value {
        [
            "apiVersion": "v1", "kind": "Pod", "metadata": metadata(job, pod), "spec": spec(job, pod),
            "status": PodStatus.value(job.spec.template.spec, pod),
        ]
    }

    private static func metadata(_ job: Job, _ pod: PodRecord) -> Value {
        var metadata = ObjectMeta(name: pod.name, namespace: job.metadata.namespace, uid: pod.uid)
        // The five characters that completed the prefix (P11).
        metadata.generateName = String(pod.name.dropLast(5))
        metadata.resourceVersion = pod.resourceVersion
        metadata.generation = 1
        metadata.creationTimestamp = pod.created
        metadata.deletionTimestamp = pod.deletion
        if pod.deletion != nil { metadata.deletionGracePeriodSeconds = job.spec.template.spec.terminationGracePeriodSeconds }
        metadata.labels = job.spec.template.labels
        metadata.annotations = job.spec.template.annotations
        metadata.ownerReferences = [owner(job)]
        // What has ended is counted in the same step or soon after.
        metadata.finalizers = pod.isLive ? [finalizer] : []
        setIndex(&metadata, job, pod)
        return metadata.value
    }

    private static func setIndex(_ metadata: inout ObjectMeta, _ job: Job, _ pod: PodRecord) {
        guard job.spec.isIndexed, let index = pod.index else { return }
        metadata.labels[completionIndex] = String(index)
        metadata.annotations[completionIndex] = String(index)
        if job.spec.backoffLimitPerIndex != nil { metadata.annotations[failureCount] = String(pod.failures) }
    }

    private static func owner(_ job: Job) -> Value {
        [
            "apiVersion": "batch/v1", "kind": "Job", "name": .string(job.metadata.name), "uid": .string(job.metadata.uid), "controller": true,
            "blockOwnerDeletion": true,
        ]
    }

    private static func spec(_ job: Job, _ pod: PodRecord) -> Value {
        var spec = job.spec.template.spec
        if !pod.node.isEmpty { spec.nodeName = pod.node }
        if spec.raw["enableServiceLinks"] == nil { spec.raw["enableServiceLinks"] = true }
        guard job.spec.isIndexed, let index = pod.index else { return spec.raw }
        spec.hostname = "\(job.metadata.name)-\(index)"
        spec.containers = spec.containers.map(withIndexVariable)
        spec.initContainers = spec.initContainers.map(withIndexVariable)
        return spec.raw
    }

    /// P12: unless the container sets the variable itself.
    private static func withIndexVariable(_ container: Container) -> Container {
        guard !container.env.contains(where: { $0.name == "JOB_COMPLETION_INDEX" }) else { return container }
        var result = container
        result.env.append(
            EnvVar([
                "name": "JOB_COMPLETION_INDEX",
                "valueFrom": ["fieldRef": ["apiVersion": "v1", "fieldPath": .string("metadata.labels['\(completionIndex)']")]],
            ]))
        return result
    }
}
