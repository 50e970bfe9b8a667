import BatchAPI
import Broker

extension API {
    func deletePod(_ namespace: String, _ name: String, _ request: APIRequest) async throws -> APIResponse {
        let delete = try DeleteOptions(request)
        let (job, pod) = try await storedPod(namespace, name)
        let old = PodObject.value(job, pod)
        try delete.checkPreconditions(ObjectMeta(old["metadata"] ?? .null), resource: "Pod", group: "")
        if delete.isDryRun { return .object(old) }
        try await remove(job, pod, old, grace: delete.gracePeriodSeconds)
        // As it was last: with its deletionTimestamp if it stays for its grace.
        let left = try await broker.pod(namespace: namespace, name: name)
        return .object(left.map { PodObject.value($0.job, $0.pod) } ?? old)
    }

    func deletePods(_ namespace: String, _ request: APIRequest) async throws -> APIResponse {
        let delete = try DeleteOptions(request)
        let found = try await selectedPods(namespace, request)
        if !delete.isDryRun {
            for found in found.pods { try await remove(found.job, found.pod, found.value, grace: delete.gracePeriodSeconds) }
        }
        return .object([
            "kind": "PodList", "apiVersion": "v1", "metadata": ["resourceVersion": .string(found.resourceVersion)],
            "items": .array(found.pods.map { Self.item($0.value) }),
        ])
    }

    /// One that somebody else has deleted meanwhile is gone all the same.
    private func remove(_ job: Job, _ pod: PodRecord, _ value: Value, grace: Int?) async throws {
        let spec = PodSpec(value["spec"] ?? .null)
        if try await isLeftover(pod, value) {
            var write = PodWrite(job: job.metadata.uid, token: pod.token)
            write.untracks = true
            _ = try await broker.write(write)
        }
        let deletion = PodDeletion(
            job: job.metadata.uid, token: pod.token, grace: min(max(grace ?? spec.terminationGracePeriodSeconds, 0), Int(Int32.max)),
            finished: PodFacts(status: value["status"] ?? .null, spec: spec).finishTime(deletion: now, created: pod.created))
        do throws(BrokerError) { _ = try await broker.delete(deletion) } catch {
            if error.code != .notFound { throw error }
        }
    }

    /// A tracked pod whose Job is gone or finished: nobody counts it any more (R26).
    private func isLeftover(_ pod: PodRecord, _ value: Value) async throws -> Bool {
        guard pod.isDisowned, !pod.isCounted else { return false }
        let owner = ObjectMeta(value["metadata"] ?? .null).ownerReferences.first { $0["controller"]?.bool == true }
        guard owner?["kind"]?.string == "Job", let uid = owner?["uid"]?.string else { return false }
        let job = try await broker.job(uid: uid)
        return job.map { $0.status.isFinished && !$0.spec.isManagedElsewhere } ?? true
    }

    /// Evicts a pod: it says why, then it is deleted (P7).
    func evictPod(_ namespace: String, _ name: String, _ request: APIRequest) async throws -> APIResponse {
        let body = try ObjectBody(request, kind: "Eviction", apiVersion: "policy/v1", validation: .ignore)
        let (job, pod) = try await storedPod(namespace, name)
        var value = PodObject.value(job, pod)
        if pod.isLive {
            let condition: Value = [
                "type": "DisruptionTarget", "status": "True", "reason": "EvictionByEvictionAPI", "message": "Eviction API: evicting",
                "lastTransitionTime": now.wholeSecond.value,
            ]
            let others = (value["status"]?["conditions"]?.array ?? []).filter { $0["type"]?.string != "DisruptionTarget" }
            value["status"]?["conditions"] = .array(others + [condition])
            _ = try await broker.write(PodReport.write(value, job: job, pod: pod))
        }
        try await remove(job, pod, value, grace: body.value["deleteOptions"]?["gracePeriodSeconds"]?.int)
        return .object(["kind": "Status", "apiVersion": "v1", "metadata": .object([:]), "status": "Success", "code": 201], code: 201)
    }
}
