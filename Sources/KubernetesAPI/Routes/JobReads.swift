import BatchAPI
import Broker

extension API {
    /// The Job of a name.
    func storedJob(_ namespace: String, _ name: String) async throws -> Job {
        guard let job = try await broker.job(namespace: namespace, name: name) else {
            throw APIStatus.notFound(resource: "jobs", name: name)
        }
        return job
    }

    func getJob(_ namespace: String, _ name: String, _ request: APIRequest) async throws -> APIResponse {
        try render(try await storedJob(namespace, name).value, .jobs, request)
    }

    func listJobs(_ namespace: String, _ request: APIRequest) async throws -> APIResponse {
        let found = try await selectedJobs(namespace, request)
        let page = try ListPage(found.jobs, try ListOptions(request.query), resourceVersion: found.resourceVersion) { job in
            "\(job.metadata.namespace)/\(job.metadata.name)"
        }
        let objects = page.items.map { job in
            ListedObject(sortKey: "", version: "\(job.metadata.uid)/\(job.metadata.resourceVersion)") { job.value }
        }
        return try render(objects, of: Catalog.jobs, page.metadata, .jobs, request)
    }

    /// The Jobs that a request's selectors pick.
    func selectedJobs(_ namespace: String, _ request: APIRequest) async throws -> JobList {
        _ = try ListOptions(request.query)
        let labels = try LabelSelectorText.parse(request.query["labelSelector"])
        let fields = try FieldSelector.jobs(request.query["fieldSelector"])
        var list = try await broker.jobs(namespace: namespace.isEmpty ? nil : namespace)
        if labels != nil || !fields.isEmpty {
            list.jobs = list.jobs.filter { (labels?.matches($0.metadata.labels) ?? true) && fields.matches($0.value, of: Catalog.jobs) }
        }
        return list
    }
}
