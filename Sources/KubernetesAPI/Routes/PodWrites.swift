import BatchAPI
import Broker

extension API {
    /// A write of pods or of one of their subresources.
    func writePods(_ verb: String, _ target: ResourcePath, _ request: APIRequest) async throws -> APIResponse {
        switch (verb, target.name) {
        case ("create", _): try await createPod(target.namespace, request)
        case ("patch", let name?) where ApplyBody.isMeant(request): try await applyPod(target.namespace, name, request)
        case ("update", let name?): try await editPod(target.namespace, name, request) { try PodBody.put(request, $0) }
        case ("patch", let name?): try await editPod(target.namespace, name, request) { try PodBody.patch(request, $0) }
        case ("delete", let name?): try await deletePod(target.namespace, name, request)
        case ("deletecollection", _): try await deletePods(target.namespace, request)
        default: throw APIStatus.methodNotAllowed
        }
    }

    /// A pod that no Job makes.
    private func createPod(_ namespace: String, _ request: APIRequest) async throws -> APIResponse {
        let write = try WriteOptions(request, kind: "CreateOptions")
        let body = try ObjectBody(request, kind: "Pod", apiVersion: "v1", validation: write.fieldValidation)
        let posted = Ownership(write, of: Catalog.pods, time: now).created(body.value, written: NewPod.written(body.value, now: now))
        return try await createPod(posted, namespace, request, write, warnings: body.warnings)
    }

    /// Stores a new pod, whose owners are known.
    private func createPod(
        _ posted: Value, _ namespace: String, _ request: APIRequest, _ write: WriteOptions, warnings: [String]
    ) async throws -> APIResponse {
        try NewJob.check(posted, namespace: namespace)
        try await requireNamespace(namespace)
        let holder = try NewPod.make(posted, namespace: namespace, now: now)
        let warnings = warnings + NotHonoured.warnings(holder.spec.template, isBare: true)
        let edits = PodObject.edits(holder.metadata), isTracked = NewPod.isTracked(holder.metadata)
        if !write.isDryRun {
            do throws(BrokerError) { _ = try await broker.createPod(holder, metadata: edits, isTracked: isTracked) } catch {
                throw APIStatus(error, resource: "pods", name: holder.metadata.name)
            }
        }
        guard !write.isDryRun, let stored = try await broker.pod(namespace: namespace, name: holder.metadata.name) else {
            return try render(NewPod.value(holder), .pods, request, code: 201, warnings: warnings)
        }
        return try render(PodObject.value(stored.job, stored.pod), .pods, request, code: 201, warnings: warnings)
    }

    /// Server-side apply: changes the pod of a name, or makes it.
    private func applyPod(_ namespace: String, _ name: String, _ request: APIRequest) async throws -> APIResponse {
        let write = try WriteOptions(request, kind: "PatchOptions")
        let body = try ApplyBody(request, kind: "Pod", validation: write.fieldValidation).addressed(namespace: namespace, name: name)
        let ownership = Ownership(write, of: Catalog.pods, time: now)
        guard try await broker.pod(namespace: namespace, name: name) != nil else {
            let posted = try PodBody.applied(ownership.applied(body.value, to: nil))
            return try await createPod(posted, namespace, request, write, warnings: body.warnings)
        }
        return try await editPod(namespace, name, request) { try PodBody.applied(ownership.applied(body.value, to: $0)) }
    }

    /// Changes metadata and what little of the spec may change.
    private func editPod(
        _ namespace: String, _ name: String, _ request: APIRequest, change: (Value) throws -> Value
    ) async throws -> APIResponse {
        let write = try WriteOptions(request, kind: request.method == .patch ? "PatchOptions" : "UpdateOptions")
        return try await retrying { [self] in
            let (job, pod) = try await storedPod(namespace, name)
            let old = PodObject.value(job, pod)
            let edited = PodEdit.keepServersOwn(try change(old), old)
            try PodEdit.check(old, edited)
            let new = ApplyBody.isMeant(request)
                ? ManagedFields.settled(edited, old: old) : Ownership(write, of: Catalog.pods, time: now).updated(edited, old: old)
            guard let change = PodEdit.write(old, new, job: job, pod: pod), !write.isDryRun else { return try render(new, .pods, request) }
            _ = try await broker.write(change)
            guard let stored = try await broker.pod(namespace: namespace, name: name) else { return try render(new, .pods, request) }
            return try render(PodObject.value(stored.job, stored.pod), .pods, request)
        }
    }

    /// What an agent says of a pod's life (P1, P7).
    func writePodStatus(_ namespace: String, _ name: String, _ request: APIRequest) async throws -> APIResponse {
        let write = try WriteOptions(request, kind: request.method == .patch ? "PatchOptions" : "UpdateOptions")
        return try await retrying { [self] in
            let (job, pod) = try await storedPod(namespace, name)
            let old = PodObject.value(job, pod)
            var new = old
            new["status"] = try (request.method == .put ? PodBody.put(request, old) : PodBody.patch(request, old))["status"]
            try PodEdit.checkStatus(old, new)
            guard new != old, !write.isDryRun else { return try render(new, .pods, request) }
            _ = try await broker.write(PodReport.write(new, job: job, pod: pod))
            guard let stored = try await broker.pod(namespace: namespace, name: name) else { return try render(new, .pods, request) }
            return try render(PodObject.value(stored.job, stored.pod), .pods, request)
        }
    }

    /// Gives a pod to a node, as a scheduler does. The node need not be one of Drover's.
    func bindPod(_ namespace: String, _ name: String, _ request: APIRequest) async throws -> APIResponse {
        let body = try ObjectBody(request, kind: "Binding", apiVersion: "v1", validation: .ignore)
        guard let node = body.value["target"]?["name"]?.string, !node.isEmpty else {
            throw APIStatus.invalid(kind: "Binding", group: "", name: name, errors: [.required("target.name")])
        }
        let (job, pod) = try await storedPod(namespace, name)
        if pod.deletion != nil || !pod.node.isEmpty {
            let why = pod.node.isEmpty ? "is being deleted, cannot be assigned to a host" : "is already assigned to node \"\(pod.node)\""
            throw APIStatus.conflict(resource: "pods/binding", group: "", name: name, detail: "pod \(name) \(why)")
        }
        var write = PodWrite(job: job.metadata.uid, token: pod.token, version: pod.resourceVersion)
        write.node = node
        _ = try await broker.write(write)
        return .object(["kind": "Status", "apiVersion": "v1", "metadata": .object([:]), "status": "Success", "code": 201], code: 201)
    }

    /// Tries a change again on the newest object when somebody was faster.
    private func retrying(_ body: () async throws -> APIResponse) async throws -> APIResponse {
        for _ in 1..<Self.changeAttempts {
            do { return try await body() } catch let error as BrokerError where error.code == .conflict { continue }
        }
        return try await body()
    }
}
