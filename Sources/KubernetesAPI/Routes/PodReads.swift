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
        let page = try ListPage(found.pods, try ListOptions(request.query), resourceVersion: found.resourceVersion, key: \.object.sortKey)
        return try render(page.items.map(\.object), of: Catalog.pods, page.metadata, .pods, request)
    }

    /// A pod that is listed, with its Job.
    final class ListedPod: Sendable {
        let job: Job
        let pod: PodRecord
        let object: ListedObject

        init(_ job: Job, _ pod: PodRecord) {
            (self.job, self.pod) = (job, pod)
            // A Job's spec shows in its pods, its status does not.
            let key = "\(job.metadata.namespace)/\(pod.name)", version = "\(key)/\(pod.uid)/\(pod.resourceVersion)/\(job.metadata.generation)"
            object = ListedObject(sortKey: key, version: version) { PodObject.value(job, pod) }
        }

        var value: Value { object.make() }
    }

    /// The pods that a request's selectors pick, by namespace and name.
    func selectedPods(_ namespace: String, _ request: APIRequest) async throws -> (pods: [ListedPod], resourceVersion: String) {
        _ = try ListOptions(request.query)
        let labels = try LabelSelectorText.parse(request.query["labelSelector"])
        let fields = try FieldSelector.pods(request.query["fieldSelector"])
        let found = try await served.pods(namespace)
        var pods = found.pods.map { ListedPod($0, $1) }
        if labels != nil || !fields.isEmpty {
            pods = pods.filter { pod in
                let value = pod.value
                return labels?.matches(value["metadata"]?["labels"]?.stringMap ?? [:]) ?? true && fields.matches(value)
            }
        }
        pods.sort { $0.object.sortKey < $1.object.sortKey }
        return (pods, found.resourceVersion)
    }
}
