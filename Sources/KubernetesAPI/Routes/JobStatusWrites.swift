import BatchAPI
import Broker

extension API {
    /// A client's write of a Job's status; the spec of what it sends is passed over (V24).
    func writeJobStatus(_ namespace: String, _ name: String, _ request: APIRequest) async throws -> APIResponse {
        let write = try WriteOptions(request, kind: request.method == .patch ? "PatchOptions" : "UpdateOptions")
        var attempts = Self.changeAttempts
        while true {
            attempts -= 1
            let old = try await storedJob(namespace, name)
            let body = try statusBody(request, old, write)
            let new = try owned(Self.changed(old, body.value), old, body, request, write)
            if new.status == old.status || write.isDryRun { return try render(new.value, .jobs, request, warnings: body.warnings) }
            do {
                let stored = try await broker.updateStatus(new)
                return try render(stored.value, .jobs, request, warnings: body.warnings)
            } catch let error as BrokerError where error.code == .conflict && attempts > 0 {
                continue
            }
        }
    }

    /// The Job with who owns its status now.
    private func owned(_ new: Job, _ old: Job, _ body: JobBody, _ request: APIRequest, _ write: WriteOptions) -> Job {
        let value = ApplyBody.isMeant(request)
            ? body.value : Ownership(write, of: Catalog.jobs, subresource: "status", time: now).updated(new.value, old: old.value)
        var result = new
        result.metadata.managedFields = ObjectMeta(value["metadata"] ?? .null).managedFields
        return result
    }

    private func statusBody(_ request: APIRequest, _ old: Job, _ write: WriteOptions) throws -> JobBody {
        if ApplyBody.isMeant(request) {
            let body = try ApplyBody(request, kind: "Job", validation: write.fieldValidation)
                .addressed(namespace: old.metadata.namespace, name: old.metadata.name)
            let ownership = Ownership(write, of: Catalog.jobs, subresource: "status", time: now)
            return try JobBody(applied: ownership.applied(body.value, to: old.value), body.warnings)
        }
        if request.method == .put { return try JobBody(request, validation: write.fieldValidation) }
        let value = try Patch(request).apply(to: old.value, kind: "Job")
        return try JobBody(Value.parseNode(json: value.encodedBytes), validation: write.fieldValidation)
    }

    private static func changed(_ old: Job, _ value: Value) throws(APIStatus) -> Job {
        let sent = Job(Schema.pruned(value, as: "Job"))
        guard sent.metadata.name == old.metadata.name else {
            throw .badRequest("the name of the object (\(sent.metadata.name)) does not match the name on the URL (\(old.metadata.name))")
        }
        guard ["", old.metadata.resourceVersion].contains(sent.metadata.resourceVersion) else {
            throw .conflict(resource: "jobs", name: old.metadata.name)
        }
        var new = old
        new.status = sent.status
        let errors = JobStatusValidation.validate(old: old, new: new)
        guard errors.isEmpty else { throw .invalid(kind: "Job", name: old.metadata.name, errors: errors) }
        if !old.spec.isManagedElsewhere, !new.status.isFinished {
            // Which indexes are done or failed is the ledger's to say.
            (new.status.completedIndexes, new.status.failedIndexes) = (old.status.completedIndexes, old.status.failedIndexes)
        }
        return new
    }
}
