import BatchAPI
import Broker

extension API {
    /// How often a change that names no version is tried on the newest object when somebody was faster: each time somebody gets on.
    static let changeAttempts = 100

    func writeJobs(_ verb: String, _ target: ResourcePath, _ request: APIRequest) async throws -> APIResponse {
        switch (verb, target.name) {
        case ("create", _): try await createJob(target.namespace, request)
        case ("update", let name?): try await putJob(target.namespace, name, request)
        case ("patch", let name?) where ApplyBody.isMeant(request): try await applyJob(target.namespace, name, request)
        case ("patch", let name?): try await patchJob(target.namespace, name, request)
        case ("delete", let name?): try await deleteJob(target.namespace, name, request)
        case ("deletecollection", _): try await deleteJobs(target.namespace, request)
        default: throw APIStatus.methodNotAllowed
        }
    }

    private func createJob(_ namespace: String, _ request: APIRequest) async throws -> APIResponse {
        let write = try WriteOptions(request, kind: "CreateOptions")
        var body = try JobBody(request, validation: write.fieldValidation)
        try NewJob.check(body.value, namespace: namespace)
        body.value = Ownership(write, of: Catalog.jobs, time: now).created(body.value, written: WrittenJob.value(of: body.value))
        return try await createJob(body, namespace, request, write)
    }

    /// Stores a new Job, whose owners are known.
    func createJob(_ body: JobBody, _ namespace: String, _ request: APIRequest, _ write: WriteOptions) async throws -> APIResponse {
        try await requireNamespace(namespace)
        let job = try await store(body.value, namespace, isDryRun: write.isDryRun)
        return try render(job.value, .jobs, request, code: 201, warnings: body.warnings + NewJob.warnings(job))
    }

    /// A generated name that is taken is tried again with another end, as in Kubernetes.
    private func store(_ posted: Value, _ namespace: String, isDryRun: Bool) async throws -> Job {
        let isGenerated = posted["metadata"]?["name"]?.string ?? "" == ""
        var attempts = isGenerated ? 8 : 1
        while true {
            attempts -= 1
            let job = try NewJob.make(posted, namespace: namespace, now: now)
            do {
                return isDryRun ? try await rehearse(job) : try await store(job)
            } catch let status as APIStatus where status.reason == "AlreadyExists" && attempts > 0 {
                continue
            }
        }
    }

    /// What storing would say.
    private func rehearse(_ job: Job) async throws -> Job {
        let name = job.metadata.name
        guard try await broker.job(namespace: job.metadata.namespace, name: name) == nil else {
            throw APIStatus.alreadyExists(resource: "jobs", name: name)
        }
        return job
    }

    private func store(_ job: Job) async throws -> Job {
        let name = job.metadata.name
        do {
            return try await broker.create(job, settings: options.settings)
        } catch let error where error.code == .unavailable {
            // It may have been taken all the same: then a client that tries again must not hear that the name is taken.
            let stored = try await broker.job(namespace: job.metadata.namespace, name: name)
            guard let stored, stored.metadata.uid == job.metadata.uid else { throw error }
            return stored
        } catch {
            throw APIStatus(error, name: name)
        }
    }

    private func putJob(_ namespace: String, _ name: String, _ request: APIRequest) async throws -> APIResponse {
        let write = try WriteOptions(request, kind: "UpdateOptions")
        let body = try JobBody(request, validation: write.fieldValidation)
        let version = body.value["metadata"]?["resourceVersion"]?.string ?? ""
        if !version.isEmpty, UInt64(version) == nil {
            throw APIStatus.fault("strconv.ParseUint: parsing \"\(version)\": invalid syntax")
        }
        return try await edit(namespace, name, request, write, isConditional: !version.isEmpty) { old in
            (try updated(old, body, write), body.warnings)
        }
    }

    private func patchJob(_ namespace: String, _ name: String, _ request: APIRequest) async throws -> APIResponse {
        let write = try WriteOptions(request, kind: "PatchOptions")
        let patch = try Patch(request)
        return try await edit(namespace, name, request, write, isConditional: patch.isConditional) { old in
            let value = try patch.apply(to: old.value, kind: "Job")
            // Through the text once more: the checks need a tree that knows its places.
            let node = try Value.parseNode(json: value.encodedBytes)
            let body = try JobBody(node, validation: write.fieldValidation)
            return (try updated(old, body, write), body.warnings)
        }
    }

    /// A Job as a client wants it from now on, with its owners.
    private func updated(_ old: Job, _ body: JobBody, _ write: WriteOptions) throws(APIStatus) -> Job {
        var new = try JobEdit.apply(body.value, to: old)
        let sent = new.value.with(managedFields: body.value["metadata"]?["managedFields"])
        let value = Ownership(write, of: Catalog.jobs, time: now).updated(sent, old: old.value)
        new.metadata.managedFields = ObjectMeta(value["metadata"] ?? .null).managedFields
        return new
    }

    /// Changes a stored Job. Unless the client named a version, it is tried again on the newest when somebody was faster.
    func edit(
        _ namespace: String, _ name: String, _ request: APIRequest, _ write: WriteOptions, isConditional: Bool,
        change: (Job) throws -> (new: Job, warnings: [String])
    ) async throws -> APIResponse {
        var attempts = isConditional ? 1 : Self.changeAttempts
        while true {
            attempts -= 1
            let old = try await storedJob(namespace, name)
            var (new, warnings) = try change(old)
            warnings += (new.metadata.generation != old.metadata.generation ? JobValidation.specWarnings(new.spec) : [])
            if new == old || write.isDryRun { return try render(new.value, .jobs, request, warnings: warnings) }
            do {
                return try render(try await broker.update(new).value, .jobs, request, warnings: warnings)
            } catch let error as BrokerError where error.code == .conflict && attempts > 0 {
                continue
            }
        }
    }
}
