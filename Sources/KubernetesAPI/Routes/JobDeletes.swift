import BatchAPI
import Broker

extension API {
    func deleteJob(_ namespace: String, _ name: String, _ request: APIRequest) async throws -> APIResponse {
        let delete = try DeleteOptions(request)
        let job = try await storedJob(namespace, name)
        try delete.checkPreconditions(job.metadata)
        if delete.isDryRun { return .object(Self.success(job), warnings: Self.warnings(delete)) }
        guard let left = try await remove(job, delete) else { return .object(Self.success(job), warnings: Self.warnings(delete)) }
        return .object(left.value, warnings: Self.warnings(delete))
    }

    /// Deletes what the selectors pick, and answers with it.
    func deleteJobs(_ namespace: String, _ request: APIRequest) async throws -> APIResponse {
        let delete = try DeleteOptions(request)
        let list = try await selectedJobs(namespace, request)
        if !delete.isDryRun {
            for job in list.jobs { _ = try await remove(job, delete) }
        }
        return .object(
            [
                "kind": "JobList", "apiVersion": "batch/v1", "metadata": ["resourceVersion": .string(list.resourceVersion)],
                "items": .array(list.jobs.map { Self.item($0.value) }),
            ], warnings: Self.warnings(delete))
    }

    /// Deletes a Job, or marks it as to be deleted where finalizers stand before that (R91). One that somebody else has deleted meanwhile
    /// is deleted all the same.
    /// - Returns: the Job that is left; nil if none is.
    private func remove(_ job: Job, _ delete: DeleteOptions) async throws -> Job? {
        for _ in 0..<5 {
            guard var newest = try await broker.job(uid: job.metadata.uid) else { return nil }
            newest.metadata.markDeleted(at: now, finalizer: delete.finalizer)
            do throws(BrokerError) {
                // Without a finalizer that is the end of it.
                let left = try await broker.update(newest)
                return newest.metadata.finalizers.isEmpty ? nil : left
            } catch {
                if error.code == .notFound { return nil }
                if error.code != .conflict { throw error }
            }
        }
        throw APIStatus.conflict(resource: "jobs", name: job.metadata.name)
    }

    /// R90: also for Jobs that are not there.
    static func warnings(_ delete: DeleteOptions) -> [String] {
        guard delete.propagationPolicy == nil else { return [] }
        return [
            "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set "
                + "propagationPolicy=Orphan to suppress this warning"
        ]
    }

    private static func success(_ job: Job) -> Value {
        [
            "kind": "Status", "apiVersion": "v1", "metadata": .object([:]), "status": "Success",
            "details": ["name": .string(job.metadata.name), "group": "batch", "kind": "jobs", "uid": .string(job.metadata.uid)],
        ]
    }
}

extension DeleteOptions {
    /// What has to be done before a Job goes; the default for batch/v1 is to leave its pods alone (R90).
    fileprivate var finalizer: String? {
        switch propagationPolicy {
        case "Background": nil
        case "Foreground": "foregroundDeletion"
        default: "orphan"
        }
    }
}
