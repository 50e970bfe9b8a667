import BatchAPI
import Broker

/// Namespaces: two are always there, the others are stored.
extension API {
    static let builtIn = ["default", "kube-system"]

    func namespaceRequest(_ verb: String, _ target: ResourcePath, _ request: APIRequest) async throws -> APIResponse {
        if let name = target.name, Self.builtIn.contains(name), verb == "delete" {
            throw APIStatus.forbidden("namespaces \"\(name)\" is forbidden: this namespace may not be deleted")
        }
        if verb == "create" || verb == "update" || verb == "patch" || verb == "delete" {
            return try await objectRequest(verb, target, Catalog.namespaces, request)
        }
        return try answer(try await served.namespaces(), target.name, of: Catalog.namespaces, request)
    }

    /// Nothing is made in a namespace that is not there, or is being deleted.
    func requireNamespace(_ name: String) async throws {
        if Self.builtIn.contains(name) { return }
        guard let namespace = try await broker.object("namespaces", namespace: "", name: name) else {
            throw APIStatus.notFound(resource: "namespaces", group: "", name: name)
        }
        if namespace.value["metadata"]?["deletionTimestamp"] != nil {
            throw APIStatus.forbidden("unable to create new content in namespace \(name) because it is being terminated")
        }
    }

    /// Stores the namespaces that are always there, so that they have a beginning and hold what every namespace holds. Until the store can be
    /// reached they are shown without.
    func foundNamespaces() async {
        while !Task.isCancelled {
            do {
                for namespace in NamespaceObject.all { try await found(namespace) }
                return
            } catch {
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func found(_ namespace: Value) async throws {
        var value = namespace
        value["metadata"]?["creationTimestamp"] = now.wholeSecond.value
        do throws(BrokerError) {
            _ = try await broker.put(StoredObject(resource: "namespaces", namespace: "", name: value.objectName, value: value))
        } catch {
            guard error.code == .alreadyExists else { throw error }
            return
        }
        try await furnish(value.objectName)
    }

    /// What every namespace has from the start.
    func furnish(_ namespace: String) async throws {
        let account: Value = ["metadata": ["name": "default"]], roots: Value = ["metadata": ["name": "kube-root-ca.crt"], "data": ["ca.crt": ""]]
        for (kind, posted) in [(Catalog.serviceAccounts, account), (Catalog.configMaps, roots)] {
            let value = try NewObject.make(posted, kind, namespace: namespace, now: now)
            do throws(BrokerError) {
                _ = try await broker.put(StoredObject(resource: kind.name, namespace: namespace, name: value.objectName, value: value))
            } catch {
                if error.code != .alreadyExists { throw error }
            }
        }
    }

    /// First nothing is made in it any more, then all it holds goes, then it goes itself.
    func deleteNamespace(_ object: StoredObject, _ delete: DeleteOptions, _ request: APIRequest) async throws -> APIResponse {
        if delete.isDryRun { return try render(object.value, .namespaces, request) }
        var marked = object
        marked.value["metadata"]?["deletionTimestamp"] = now.wholeSecond.value
        marked.value["status"] = ["phase": "Terminating"]
        marked.version = try await broker.put(marked)
        marked.value["metadata"]?["resourceVersion"] = .string(marked.version)
        let shown = try render(marked.value, .namespaces, request)
        try await empty(object.name)
        marked.version = ""
        do throws(BrokerError) { try await broker.remove(marked) } catch {
            if error.code != .notFound { throw error }
        }
        return shown
    }

    private func empty(_ namespace: String) async throws {
        for job in try await broker.jobs(namespace: namespace).jobs { try await broker.delete(uid: job.metadata.uid) }
        for kind in Catalog.keptOnly where kind.isNamespaced { try await removeAll(kind, in: namespace) }
        for job in try await broker.hiddenJobs() where job.metadata.namespace == namespace {
            for pod in try await broker.pods(uid: job.metadata.uid) where pod.isDisowned {
                do throws(BrokerError) { _ = try await broker.delete(PodDeletion(job: job.metadata.uid, token: pod.token, grace: 0)) } catch {
                    if error.code != .notFound { throw error }
                }
            }
        }
    }
}
