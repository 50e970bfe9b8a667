import BatchAPI
import Broker

extension API {
    /// Server-side apply: changes the Job of a name, or makes it. When somebody was faster it is tried again on what is there now.
    func applyJob(_ namespace: String, _ name: String, _ request: APIRequest) async throws -> APIResponse {
        let write = try WriteOptions(request, kind: "PatchOptions")
        let body = try ApplyBody(request, kind: "Job", validation: write.fieldValidation).addressed(namespace: namespace, name: name)
        for _ in 0..<4 {
            do {
                return try await applyJob(body, namespace, name, request, write)
            } catch let status as APIStatus where status.reason == "AlreadyExists" { continue }
        }
        return try await applyJob(body, namespace, name, request, write)
    }

    private func applyJob(
        _ body: ApplyBody, _ namespace: String, _ name: String, _ request: APIRequest, _ write: WriteOptions
    ) async throws -> APIResponse {
        let ownership = Ownership(write, of: Catalog.jobs, time: now)
        guard try await broker.job(namespace: namespace, name: name) != nil else {
            let posted = try ownership.applied(body.value, to: nil)
            try NewJob.check(posted, namespace: namespace)
            return try await createJob(JobBody(applied: posted, body.warnings), namespace, request, write)
        }
        return try await edit(namespace, name, request, write, isConditional: body.isConditional) { old in
            let result = try JobBody(applied: ownership.applied(body.value, to: old.value), body.warnings)
            return (try JobEdit.settled(JobEdit.apply(result.value, to: old), old), result.warnings)
        }
    }
}

extension JobBody {
    /// The outcome of an apply, whose fields are known but whose values have still to be looked at.
    init(applied value: Value, _ warnings: [String]) throws {
        // Through the text once more: the checks need a tree that knows its places.
        try self.init(Value.parseNode(json: value.encodedBytes), validation: .ignore)
        self.warnings = warnings
    }
}
