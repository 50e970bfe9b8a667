import BatchAPI

/// From a posted Pod to one that can be stored.
enum NewPod {
    /// The defaulted, valid pod, as the template of a Job of its name and uid.
    static func make(_ posted: Value, namespace: String, now: Timestamp) throws(APIStatus) -> Job {
        var value = posted
        value["metadata"]?["namespace"] = .string(namespace)
        value = BarePodDefaults.apply(to: value, uid: Identifiers.uid(), now: now.wholeSecond, nameSuffix: Identifiers.suffix())
        let errors = PodValidation.validate(create: value)
        let metadata = ObjectMeta(value["metadata"] ?? .null)
        guard errors.isEmpty else { throw .invalid(kind: "Pod", group: "", name: metadata.name, errors: errors) }
        let template: Value = [
            "metadata": ["labels": .strings(metadata.labels), "annotations": .strings(metadata.annotations)], "spec": value["spec"] ?? .null,
        ]
        return Job(metadata: metadata, spec: JobSpec(template: PodTemplate(template)))
    }

    /// The pod that whoever creates it is taken to have written: what was posted, with its defaults.
    static func written(_ posted: Value, now: Timestamp) -> Value { BarePodDefaults.apply(to: posted, uid: "", now: now.wholeSecond) }

    /// Whether it has the finalizer of a Job's pod, and a controller that may take it off (R26).
    static func isTracked(_ metadata: ObjectMeta) -> Bool {
        metadata.finalizers.contains(PodObject.finalizer) && metadata.ownerReferences.contains { $0["controller"]?.bool == true }
    }

    /// The object that would be stored.
    static func value(_ holder: Job) -> Value {
        [
            "apiVersion": "v1", "kind": "Pod", "metadata": holder.metadata.value, "spec": holder.spec.template.spec.raw,
            "status": ["phase": "Pending", "qosClass": .string(PodStatus.qosClass(holder.spec.template.spec))],
        ]
    }
}
