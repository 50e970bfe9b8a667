import BatchAPI
import Broker

extension API {
    /// The Pod of a name, with its Job.
    func storedPod(_ namespace: String, _ name: String) async throws -> (job: Job, pod: PodRecord) {
        guard let found = try await broker.pod(namespace: namespace, name: name) else {
            throw APIStatus.notFound(resource: "pods", group: "", name: name)
        }
        return found
    }

    func getPod(_ namespace: String, _ name: String, _ request: APIRequest) async throws -> APIResponse {
        let (job, pod) = try await storedPod(namespace, name)
        return try render(PodObject.value(job, pod), .pods, request)
    }

    func listPods(_ namespace: String, _ request: APIRequest) async throws -> APIResponse {
        let found = try await selectedPods(namespace, request)
        return try render(found.pods.map(\.value), of: Catalog.pods, resourceVersion: found.resourceVersion, .pods, request)
    }

    /// The pods that a request's selectors pick, by namespace and name.
    func selectedPods(
        _ namespace: String, _ request: APIRequest
    ) async throws -> (pods: [(job: Job, pod: PodRecord, value: Value)], resourceVersion: String) {
        _ = try ListOptions(request.query)
        let labels = try LabelSelectorText.parse(request.query["labelSelector"])
        let fields = try FieldSelector.pods(request.query["fieldSelector"])
        let list = try await broker.jobs(namespace: namespace.isEmpty ? nil : namespace)
        // Also of Jobs that are gone, and pods of nobody.
        let hidden = try await broker.hiddenJobs().filter { namespace.isEmpty || $0.metadata.namespace == namespace }
        var pods: [(job: Job, pod: PodRecord, value: Value)] = []
        for job in list.jobs + hidden {
            for pod in try await broker.pods(uid: job.metadata.uid) {
                let value = PodObject.value(job, pod)
                guard labels?.matches(value["metadata"]?["labels"]?.stringMap ?? [:]) ?? true, fields.matches(value) else { continue }
                pods.append((job, pod, value))
            }
        }
        pods.sort { $0.value.sortKey < $1.value.sortKey }
        return (pods, list.resourceVersion)
    }
}
