import BatchAPI

/// From a posted object to a Job that can be stored.
enum NewJob {
    /// What the request itself rules out.
    static func check(_ value: Value, namespace: String) throws(APIStatus) {
        let metadata = value["metadata"] ?? .null
        guard ["", namespace].contains(metadata["namespace"]?.string ?? "") else { throw .namespaceMismatch }
        guard metadata["resourceVersion"]?.string ?? "" == "" else {
            throw .fault("resourceVersion should not be set on objects to be created")
        }
    }

    /// The defaulted, valid Job, with a uid of its own.
    static func make(_ posted: Value, namespace: String, now: Timestamp) throws(APIStatus) -> Job {
        var metadata = posted["metadata"] ?? .object([:])
        metadata["namespace"] = .string(namespace)
        var value = posted
        value["metadata"] = metadata
        let job = Job(JobDefaults.apply(to: value, uid: Identifiers.uid(), now: now.wholeSecond, nameSuffix: Identifiers.suffix()))
        let errors = JobValidation.validate(create: job)
        guard errors.isEmpty else { throw .invalid(kind: "Job", name: job.metadata.name, errors: errors) }
        return job
    }

    /// What the client should know of a Job that was taken.
    static func warnings(_ job: Job) -> [String] {
        JobValidation.warnings(create: job) + imageWarnings(job.spec.template.spec) + NotHonoured.warnings(job.spec.template)
    }

    /// Commands run on the host: an image tells nothing there.
    private static func imageWarnings(_ spec: PodSpec) -> [String] {
        guard ["", "process"].contains(spec.runtimeClassName ?? ""), !spec.isScheduledElsewhere else { return [] }
        let images = spec.containers.map(\.image).filter { !$0.isEmpty }
        return images.isEmpty ? [] : ["spec.template.spec.containers[0].image: informative only: the command runs on the host"]
    }
}

/// From a changed object to the Job that replaces the stored one.
enum JobEdit {
    /// The new Job, checked against the old one; equal to it if nothing changes. Identity, times and status stay the server's. Who owns
    /// its fields is as the edit says, and still to be looked at.
    static func apply(_ edited: Value, to old: Job) throws(APIStatus) -> Job {
        var new = Job(Schema.pruned(edited, as: "Job"))
        try checkAddress(new.metadata, old.metadata)
        new.spec = JobSpec(JobDefaults.applyToSpec(new.spec.value))
        new.status = old.status
        keepServersOwn(&new.metadata, old.metadata)
        let errors = JobValidation.validateUpdate(old: old, new: new)
        guard errors.isEmpty else { throw .invalid(kind: "Job", name: old.metadata.name, errors: errors) }
        if new.spec != old.spec { new.metadata.generation += 1 }
        return new
    }

    /// The old Job if the new one differs in nothing but the times of its owners' entries.
    static func settled(_ new: Job, _ old: Job) -> Job {
        ManagedFields.settled(new.value, old: old.value) == old.value ? old : new
    }

    private static func checkAddress(_ new: ObjectMeta, _ old: ObjectMeta) throws(APIStatus) {
        guard new.name == old.name else {
            throw .badRequest("the name of the object (\(new.name)) does not match the name on the URL (\(old.name))")
        }
        guard ["", old.namespace].contains(new.namespace) else { throw .namespaceMismatch }
        guard ["", old.resourceVersion].contains(new.resourceVersion) else { throw .conflict(resource: "jobs", name: old.name) }
    }

    private static func keepServersOwn(_ new: inout ObjectMeta, _ old: ObjectMeta) {
        new.namespace = old.namespace
        if new.uid.isEmpty { new.uid = old.uid }
        new.resourceVersion = old.resourceVersion
        new.generation = old.generation
        (new.creationTimestamp, new.deletionTimestamp) = (old.creationTimestamp, old.deletionTimestamp)
        new.deletionGracePeriodSeconds = old.deletionGracePeriodSeconds
        if new.generateName == nil { new.generateName = old.generateName }
    }
}
