import BatchAPI
import Broker

extension API {
    func deleteJob(_ namespace: String, _ name: String, _ request: APIRequest) async throws -> APIResponse {
        let delete = try DeleteOptions(request)
        let job = try await storedJob(namespace, name)
        try delete.checkPreconditions(job)
        if !delete.isDryRun { try await remove(job) }
        return .object(Self.success(job), warnings: Self.warnings(delete))
    }

    /// Deletes what the selectors pick, and answers with it.
    func deleteJobs(_ namespace: String, _ request: APIRequest) async throws -> APIResponse {
        let delete = try DeleteOptions(request)
        let list = try await selectedJobs(namespace, request)
        if !delete.isDryRun {
            for job in list.jobs { try await remove(job) }
        }
        return .object(
            [
                "kind": "JobList", "apiVersion": "batch/v1", "metadata": ["resourceVersion": .string(list.resourceVersion)],
                "items": .array(list.jobs.map { Self.item($0.value) }),
            ], warnings: Self.warnings(delete))
    }

    /// One that somebody else has deleted meanwhile is deleted all the same.
    private func remove(_ job: Job) async throws {
        do {
            try await broker.delete(uid: job.metadata.uid)
        } catch let error where error.code == .notFound {
            return
        }
    }

    /// Every deletion is one in the background so far.
    private static func warnings(_ delete: DeleteOptions) -> [String] {
        guard delete.propagationPolicy == "Orphan" else { return [] }
        return ["propagationPolicy Orphan is not supported: the Job's pods are deleted with it"]
    }

    private static func success(_ job: Job) -> Value {
        [
            "kind": "Status", "apiVersion": "v1", "metadata": .object([:]), "status": "Success",
            "details": ["name": .string(job.metadata.name), "group": "batch", "kind": "jobs", "uid": .string(job.metadata.uid)],
        ]
    }
}
