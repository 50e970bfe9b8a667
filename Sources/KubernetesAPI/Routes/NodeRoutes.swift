import BatchAPI
import Broker

/// Nodes: the workers themselves, with what clients have written about them.
extension API {
    /// Labels, annotations, taints and whether it is cordoned are a client's to write.
    func changeNode(_ name: String, _ request: APIRequest) async throws -> APIResponse {
        let write = try WriteOptions(request, kind: request.method == .put ? "UpdateOptions" : "PatchOptions")
        guard let old = try await served.nodes().objects.first(where: { $0.objectName == name }) else {
            throw APIStatus.notFound(resource: "nodes", group: "", name: name)
        }
        let body =
            try request.method == .put
            ? ObjectBody(request, of: Catalog.nodes, validation: write.fieldValidation)
            : ObjectBody(Value.parseNode(json: try Patch(request).apply(to: old, kind: "Node").encodedBytes), kind: "Node", validation: write.fieldValidation)
        let metadata = ObjectMeta(body.value["metadata"] ?? .null)
        guard metadata.name == name else { throw APIStatus.badRequest("the name of the object (\(metadata.name)) does not match the name on the URL (\(name))") }
        var new = old
        new["metadata"]?["labels"] = .strings(metadata.labels)
        new["metadata"]?["annotations"] = metadata.annotations.isEmpty ? nil : .strings(metadata.annotations)
        new["spec"] = body.value["spec"] ?? .object([:])
        if write.isDryRun || new == old { return try render(new, .nodes, request, warnings: body.warnings) }
        try await store(new, name)
        let stored = try await served.nodes().objects.first { $0.objectName == name }
        return try render(stored ?? new, .nodes, request, warnings: body.warnings)
    }

    private func store(_ node: Value, _ name: String) async throws(BrokerError) {
        let known = try await broker.object("nodes", namespace: "", name: name)
        let value: Value = [
            "metadata": ["name": .string(name), "labels": node["metadata"]?["labels"] ?? .null, "annotations": node["metadata"]?["annotations"] ?? .null],
            "spec": node["spec"] ?? .null,
        ]
        try await broker.cordon(node: name, node["spec"]?["unschedulable"]?.bool ?? false)
        _ = try await broker.put(StoredObject(resource: "nodes", namespace: "", name: name, value: value, version: known?.version ?? ""))
    }
}
