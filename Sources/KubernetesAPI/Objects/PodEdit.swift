import BatchAPI
import Broker

/// From a changed Pod to what the store is to write of it.
enum PodEdit {
    /// The changed object with its defaults and with what a client can not set.
    static func keepServersOwn(_ changed: Value, _ old: Value) -> Value {
        var new = Schema.pruned(changed, as: "Pod")
        for key in ["apiVersion", "kind", "status"] { new[key] = old[key] }
        new["spec"] = new["spec"].map(BarePodDefaults.applyToSpec)
        for key in ["namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "generateName"] {
            new["metadata"]?[key] = old["metadata"]?[key]
        }
        if new["metadata"]?["resourceVersion"]?.string ?? "" == "" { new["metadata"]?["resourceVersion"] = old["metadata"]?["resourceVersion"] }
        return new
    }

    static func check(_ old: Value, _ new: Value) throws(APIStatus) {
        let name = old.objectName
        guard new["metadata"]?["resourceVersion"] == old["metadata"]?["resourceVersion"] else {
            throw .conflict(resource: "pods", group: "", name: name)
        }
        let errors = PodValidation.validateUpdate(old: old, new: new)
        guard errors.isEmpty else { throw .invalid(kind: "Pod", group: "", name: name, errors: errors) }
    }

    static func checkStatus(_ old: Value, _ new: Value) throws(APIStatus) {
        let errors = PodValidation.validateStatus(old: old, new: new)
        guard errors.isEmpty else { throw .invalid(kind: "Pod", group: "", name: old.objectName, errors: errors) }
    }

    /// Nil if nothing changes.
    static func write(_ old: Value, _ new: Value, job: Job, pod: PodRecord) -> PodWrite? {
        if old == new { return nil }
        let metadata = ObjectMeta(new["metadata"] ?? .null)
        var write = PodWrite(job: job.metadata.uid, token: pod.token, version: pod.resourceVersion)
        write.metadata = PodObject.edits(metadata)
        write.holdsFinalizers = metadata.finalizers.contains { $0 != PodObject.finalizer }
        if !pod.isCounted, !metadata.finalizers.contains(PodObject.finalizer) { write.untracks = true }
        if old["spec"] != new["spec"] { write.spec = new["spec"] }
        if !pod.isDisowned {
            write.leaves = !isOwned(metadata, by: job) || job.metadata.deletionTimestamp == nil && !isSelected(metadata, by: job)
            if write.leaves { write.metadata = PodObject.edits(released(metadata, by: job)) }
            setIndex(&write, metadata, job, pod)
            if write.index != nil { write.spec = new["spec"] }
        }
        return write
    }

    /// A pod that its Job lets go has it as its owner no more.
    private static func released(_ metadata: ObjectMeta, by job: Job) -> ObjectMeta {
        var metadata = metadata
        metadata.ownerReferences.removeAll { $0["uid"]?.string == job.metadata.uid }
        return metadata
    }

    private static func isOwned(_ metadata: ObjectMeta, by job: Job) -> Bool {
        metadata.ownerReferences.contains { $0["uid"]?.string == job.metadata.uid && $0["controller"]?.bool == true }
    }

    /// R3.
    private static func isSelected(_ metadata: ObjectMeta, by job: Job) -> Bool {
        job.spec.selector.flatMap { LabelSelector($0) }?.matches(metadata.labels) ?? false
    }

    /// The index and the counts that the annotations tell (P13), where they are not what the ledger has.
    private static func setIndex(_ write: inout PodWrite, _ metadata: ObjectMeta, _ job: Job, _ pod: PodRecord) {
        guard job.spec.isIndexed else { return }
        let index = PodAnnotations.index(metadata.annotations)
        if index != pod.index { write.index = index ?? -1 }
        guard job.spec.backoffLimitPerIndex != nil else { return }
        write.failures = PodAnnotations.count(metadata.annotations[PodObject.failureCount])
        write.ignores = PodAnnotations.count(metadata.annotations[PodObject.ignoredCount])
    }
}

/// From an agent's status of a pod to what the store is to write.
enum PodReport {
    static func write(_ new: Value, job: Job, pod: PodRecord) -> PodWrite {
        let status = new["status"] ?? .null
        let facts = PodFacts(status: status, spec: PodSpec(new["spec"] ?? .null))
        var write = PodWrite(job: job.metadata.uid, token: pod.token, version: pod.resourceVersion)
        (write.status, write.phase, write.isReady, write.restarts) = (status, facts.phase, facts.isReady, facts.restarts)
        if facts.isReady { write.readied = facts.readinessTime }
        if pod.started == nil, facts.phase != "Pending" { write.started = pod.created }
        write.disruption = facts.disruption
        guard facts.phase == "Succeeded" || facts.phase == "Failed" else { return write }
        write.finished = facts.finishTime(deletion: pod.deletion, created: pod.created)
        write.exitCode = facts.exits.compactMap(\.code).first { $0 != 0 } ?? facts.exits.first?.code
        return write
    }
}
