import BatchAPI

/// A pod's metadata and spec as clients see them: its record, filled up from its Job's template (P11-P13).
public enum PodForm {
    public static let completionIndex = "batch.kubernetes.io/job-completion-index"
    public static let failureCount = "batch.kubernetes.io/job-index-failure-count"
    public static let ignoredCount = "batch.kubernetes.io/job-index-ignored-failure-count"
    public static let finalizer = "batch.kubernetes.io/job-tracking"

    /// The members of the metadata that a client may set, as `PodRecord.metadata` holds them; of the finalizers all but the tracking one.
    public static func edits(_ metadata: ObjectMeta) -> Value {
        [
            "labels": .strings(metadata.labels), "annotations": .strings(metadata.annotations), "ownerReferences": .array(metadata.ownerReferences),
            "finalizers": .strings(metadata.finalizers.filter { $0 != finalizer }),
            "generateName": metadata.generateName.map { .string($0) } ?? .null,
            "managedFields": metadata.managedFields.isEmpty ? .null : .array(metadata.managedFields),
        ]
    }

    public static func metadata(_ job: Job, _ pod: PodRecord) -> ObjectMeta {
        var metadata = ObjectMeta(name: pod.name, namespace: job.metadata.namespace, uid: pod.uid)
        // The five characters that completed the prefix (P11).
        metadata.generateName = String(pod.name.dropLast(5))
        metadata.resourceVersion = pod.resourceVersion
        metadata.generation = 1
        metadata.creationTimestamp = pod.created
        if let deletion = pod.deletion {
            let grace = pod.grace ?? (pod.node.isEmpty ? 0 : job.spec.template.spec.terminationGracePeriodSeconds)
            (metadata.deletionTimestamp, metadata.deletionGracePeriodSeconds) = (deletion.advanced(by: .seconds(grace)), grace)
        }
        metadata.labels = job.spec.template.labels
        metadata.annotations = job.spec.template.annotations
        metadata.ownerReferences = pod.isDisowned ? [] : [owner(job)]
        setIndex(&metadata, job, pod)
        if let edits = pod.metadata { apply(edits, to: &metadata) }
        if !pod.isCounted { metadata.finalizers.append(finalizer) }
        return metadata
    }

    private static func apply(_ edits: Value, to metadata: inout ObjectMeta) {
        (metadata.labels, metadata.annotations) = (edits["labels"]?.stringMap ?? [:], edits["annotations"]?.stringMap ?? [:])
        (metadata.ownerReferences, metadata.finalizers) = (edits["ownerReferences"]?.array ?? [], edits["finalizers"]?.strings ?? [])
        metadata.generateName = edits["generateName"]?.string
        metadata.managedFields = edits["managedFields"]?.array ?? []
    }

    private static func setIndex(_ metadata: inout ObjectMeta, _ job: Job, _ pod: PodRecord) {
        guard job.spec.isIndexed, let index = pod.index else { return }
        metadata.labels[completionIndex] = String(index)
        metadata.annotations[completionIndex] = String(index)
        guard job.spec.backoffLimitPerIndex != nil else { return }
        metadata.annotations[failureCount] = String(pod.failures)
        if pod.ignores > 0 { metadata.annotations[ignoredCount] = String(pod.ignores) }
    }

    public static func owner(_ job: Job) -> Value {
        [
            "apiVersion": "batch/v1", "kind": "Job", "name": .string(job.metadata.name), "uid": .string(job.metadata.uid), "controller": true,
            "blockOwnerDeletion": true,
        ]
    }

    public static func spec(_ job: Job, _ pod: PodRecord) -> Value {
        if let own = pod.spec {
            var own = PodSpec(own)
            if !pod.node.isEmpty { own.nodeName = pod.node }
            return own.raw
        }
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

/// Numbers in annotations.
public enum PodAnnotations {
    /// Nil unless it is a plain number (R4).
    public static func index(_ annotations: [String: String]) -> Int? {
        guard let text = annotations[PodForm.completionIndex], let index = Int32(text), index >= 0 else { return nil }
        return Int(index)
    }

    /// What is missing, negative or no 32-bit number counts as 0 (P13).
    public static func count(_ text: String?) -> Int { max(text.flatMap { Int32($0) }.map { Int($0) } ?? 0, 0) }
}

