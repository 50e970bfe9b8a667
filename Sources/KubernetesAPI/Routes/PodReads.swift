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
        _ = try ListOptions(request.query)
        let labels = try LabelSelectorText.parse(request.query["labelSelector"])
        let fields = try FieldSelector.pods(request.query["fieldSelector"])
        let list = try await broker.jobs(namespace: namespace.isEmpty ? nil : namespace)
        var pods: [Value] = []
        for job in list.jobs where labels?.mayMatchPods(of: job) ?? true {
            pods += try await broker.pods(uid: job.metadata.uid).map { PodObject.value(job, $0) }.filter { pod in
                labels?.matches(pod["metadata"]?["labels"]?.stringMap ?? [:]) ?? true && fields.matches(pod)
            }
        }
        pods.sort { $0.sortKey < $1.sortKey }
        return try render(pods, of: Catalog.pods, resourceVersion: list.resourceVersion, .pods, request)
    }
}

extension LabelSelector {
    /// Whether pods of a Job could match, as far as its template tells: spares asking for those of all other Jobs.
    fileprivate func mayMatchPods(of job: Job) -> Bool {
        var known = self
        known.requirements.removeAll { $0.key == PodObject.completionIndex }
        return known.matches(job.spec.template.labels)
    }
}

extension Value {
    /// Lists go by namespace and name.
    fileprivate var sortKey: String { "\(self["metadata"]?["namespace"]?.string ?? "")/\(objectName)" }
}
