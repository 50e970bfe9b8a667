import BatchAPI
import Broker

/// Kinds that are only kept.
extension API {
    func objectRequest(_ verb: String, _ target: ResourcePath, _ kind: ResourceKind, _ request: APIRequest) async throws -> APIResponse {
        switch (verb, target.name) {
        case ("list", _): try await listObjects(target, kind, request)
        case ("get", let name?): try show(try await stored(kind, target.namespace, name).value, kind, request)
        case ("create", _): try await createObject(target, kind, request)
        case ("patch", let name?) where ApplyBody.isMeant(request): try await applyObject(target, kind, name, request)
        case ("update", let name?), ("patch", let name?): try await changeObject(target, kind, name, request)
        case ("delete", let name?): try await deleteObject(target, kind, name, request)
        case ("deletecollection", _): try await deleteObjects(target, kind, request)
        default: throw APIStatus.methodNotAllowed
        }
    }

    /// A stored object as its kind shows it, in the form that the client wants.
    private func show(_ object: Value, _ kind: ResourceKind, _ request: APIRequest, code: Int = 200, warnings: [String] = []) throws -> APIResponse {
        try render(kind.shown(object), Self.layout(kind), request, code: code, warnings: warnings)
    }

    /// The object of a name.
    func stored(_ kind: ResourceKind, _ namespace: String, _ name: String) async throws -> StoredObject {
        guard let object = try await broker.kept(kind, namespace: namespace, name: name) else {
            throw APIStatus.notFound(resource: kind.name, group: kind.group, name: name)
        }
        return object
    }

    private func selected(_ target: ResourcePath, _ kind: ResourceKind, _ request: APIRequest) async throws -> (objects: [StoredObject], version: String) {
        _ = try ListOptions(request.query)
        let labels = try LabelSelectorText.parse(request.query["labelSelector"])
        let fields = try Self.fieldSelector(kind, request.query["fieldSelector"])
        var found = try await broker.kept(kind, namespace: target.namespace.isEmpty ? nil : target.namespace)
        found.objects = found.objects.filter {
            labels?.matches($0.value["metadata"]?["labels"]?.stringMap ?? [:]) ?? true && fields.matches(kind.shown($0.value), of: kind)
        }
        return found
    }

    private func listObjects(_ target: ResourcePath, _ kind: ResourceKind, _ request: APIRequest) async throws -> APIResponse {
        let found = try await selected(target, kind, request)
        return try render(found.objects.map { kind.shown($0.value) }, of: kind, resourceVersion: found.version, Self.layout(kind), request)
    }

    private func createObject(_ target: ResourcePath, _ kind: ResourceKind, _ request: APIRequest) async throws -> APIResponse {
        let write = try WriteOptions(request, kind: "CreateOptions")
        let body = try ObjectBody(request, of: kind, validation: write.fieldValidation)
        if kind.isNamespaced {
            try NewJob.check(body.value, namespace: target.namespace)
            try await requireNamespace(target.namespace)
        }
        return try await createObject(kind.stored(body.value), target, kind, request, write, body.warnings)
    }

    /// - Parameter isOwned: its fields have owners already, as an apply has made them.
    private func createObject(
        _ posted: Value, _ target: ResourcePath, _ kind: ResourceKind, _ request: APIRequest, _ write: WriteOptions, _ warnings: [String],
        isOwned: Bool = false
    ) async throws -> APIResponse {
        var value = try NewObject.make(posted, kind, namespace: target.namespace, now: now)
        if !isOwned { value = Ownership(write, of: kind.storage, time: now).created(value, written: value) }
        if write.isDryRun, try await broker.kept(kind, namespace: target.namespace, name: value.objectName) == nil {
            return try show(value, kind, request, code: 201, warnings: warnings)
        }
        let made = try await put(StoredObject(resource: kind.name, namespace: target.namespace, name: value.objectName, value: value), kind)
        if kind == Catalog.namespaces { try await furnish(value.objectName) }
        return try show(made, kind, request, code: 201, warnings: warnings)
    }

    /// Server-side apply: changes the object of a name, or makes it.
    private func applyObject(_ target: ResourcePath, _ kind: ResourceKind, _ name: String, _ request: APIRequest) async throws -> APIResponse {
        let write = try WriteOptions(request, kind: "PatchOptions")
        let body = try ApplyBody(request, kind: kind.kind, type: kind.type, validation: write.fieldValidation).addressed(namespace: target.namespace, name: name)
        if kind.isNamespaced { try await requireNamespace(target.namespace) }
        for attempt in 1...Self.changeAttempts {
            let old = try await broker.kept(kind, namespace: target.namespace, name: name)
            let result = try Ownership(write, of: kind.storage, time: now).applied(kind.stored(body.value), to: old?.value)
            do {
                guard let old else { return try await createObject(result, target, kind, request, write, body.warnings, isOwned: true) }
                return try await store(ManagedFields.settled(try edited(old, result, kind), old: old.value), old, kind, request, write, body.warnings)
            } catch let error as BrokerError where error.code == .conflict && attempt < Self.changeAttempts {
                continue
            } catch let status as APIStatus where status.reason == "AlreadyExists" && attempt < Self.changeAttempts {
                continue
            }
        }
        throw APIStatus.conflict(resource: kind.name, group: kind.group, name: name)
    }

    /// Stores a changed object, or lets it go.
    private func store(
        _ new: Value, _ old: StoredObject, _ kind: ResourceKind, _ request: APIRequest, _ write: WriteOptions, _ warnings: [String]
    ) async throws -> APIResponse {
        if new == old.value || write.isDryRun { return try show(new, kind, request, warnings: warnings) }
        if try await goesWithItsFinalizers(old, new) { return try show(new, kind, request) }
        var object = old
        object.value = new
        return try show(try await put(object, kind), kind, request, warnings: warnings)
    }

    /// Stores it.
    /// - Returns: it with its version.
    func put(_ object: StoredObject, _ kind: ResourceKind) async throws -> Value {
        do throws(BrokerError) {
            return object.value.with(version: try await broker.put(object))
        } catch {
            switch error.code {
            case .alreadyExists: throw APIStatus.alreadyExists(resource: kind.name, group: kind.group, name: object.name)
            case .notFound: throw APIStatus.notFound(resource: kind.name, group: kind.group, name: object.name)
            default: throw error
            }
        }
    }

    private func changeObject(_ target: ResourcePath, _ kind: ResourceKind, _ name: String, _ request: APIRequest) async throws -> APIResponse {
        let write = try WriteOptions(request, kind: request.method == .put ? "UpdateOptions" : "PatchOptions")
        for attempt in 1...Self.changeAttempts {
            let old = try await stored(kind, target.namespace, name)
            let body = try changed(old.value, kind, request, write)
            let new = Ownership(write, of: kind.storage, time: now).updated(try edited(old, kind.stored(body.value), kind), old: old.value)
            do {
                return try await store(new, old, kind, request, write, body.warnings)
            } catch let error as BrokerError where error.code == .conflict && attempt < Self.changeAttempts {
                continue
            }
        }
        throw APIStatus.conflict(resource: kind.name, group: kind.group, name: name)
    }

    private func changed(_ old: Value, _ kind: ResourceKind, _ request: APIRequest, _ write: WriteOptions) throws -> ObjectBody {
        if request.method == .put { return try ObjectBody(request, of: kind, validation: write.fieldValidation) }
        let value = try Patch(request).apply(to: kind.shown(old), kind: kind.type)
        // Through the text once more: the checks need a tree that knows its places.
        return try ObjectBody(Value.parseNode(json: value.encodedBytes), kind: kind.kind, type: kind.type, validation: write.fieldValidation)
    }

    /// Identity and times stay the server's.
    private func edited(_ old: StoredObject, _ sent: Value, _ kind: ResourceKind) throws(APIStatus) -> Value {
        var new = Schema.pruned(sent, as: kind.kind), metadata = ObjectMeta(sent["metadata"] ?? .null)
        let before = ObjectMeta(old.value["metadata"] ?? .null)
        guard metadata.name == before.name else {
            throw .badRequest("the name of the object (\(metadata.name)) does not match the name on the URL (\(before.name))")
        }
        guard ["", before.resourceVersion].contains(metadata.resourceVersion) else {
            throw .conflict(resource: kind.name, group: kind.group, name: before.name)
        }
        (metadata.namespace, metadata.uid, metadata.resourceVersion) = (before.namespace, before.uid, before.resourceVersion)
        (metadata.creationTimestamp, metadata.deletionTimestamp) = (before.creationTimestamp, before.deletionTimestamp)
        (new["metadata"], new["apiVersion"], new["kind"]) = (metadata.value, .string(kind.storage.apiVersion), .string(kind.kind))
        if let status = old.value["status"] { new["status"] = status }
        NewObject.setDefaults(&new, kind)
        try NewObject.check(new, kind)
        try NewObject.checkUpdate(old.value, new, kind)
        return new
    }

    /// One that is being deleted goes when nothing holds it any more.
    private func goesWithItsFinalizers(_ old: StoredObject, _ new: Value) async throws(BrokerError) -> Bool {
        let metadata = ObjectMeta(new["metadata"] ?? .null)
        guard metadata.deletionTimestamp != nil, metadata.finalizers.isEmpty else { return false }
        try await broker.remove(old)
        return true
    }
}

/// Deletion of such objects.
extension API {
    func deleteObject(_ target: ResourcePath, _ kind: ResourceKind, _ name: String, _ request: APIRequest) async throws -> APIResponse {
        let delete = try DeleteOptions(request)
        let object = try await stored(kind, target.namespace, name)
        try delete.checkPreconditions(ObjectMeta(object.value["metadata"] ?? .null), resource: kind.kind, group: kind.group)
        if kind == Catalog.namespaces { return try await deleteNamespace(object, delete, request) }
        if !delete.isDryRun { try await remove(object) }
        return .object([
            "kind": "Status", "apiVersion": "v1", "metadata": .object([:]), "status": "Success",
            "details": ["name": .string(name), "kind": .string(kind.name), "uid": object.value["metadata"]?["uid"] ?? ""],
        ])
    }

    /// One that finalizers hold is only marked.
    private func remove(_ object: StoredObject) async throws {
        var metadata = ObjectMeta(object.value["metadata"] ?? .null)
        do throws(BrokerError) {
            if metadata.finalizers.isEmpty {
                try await broker.remove(StoredObject(resource: object.resource, namespace: object.namespace, name: object.name, value: object.value))
            } else if metadata.deletionTimestamp == nil {
                var marked = object
                (metadata.deletionTimestamp, metadata.deletionGracePeriodSeconds) = (now.wholeSecond, 0)
                marked.value["metadata"] = metadata.value
                _ = try await broker.put(marked)
            }
        } catch {
            if error.code != .notFound { throw error }
        }
    }

    private func deleteObjects(_ target: ResourcePath, _ kind: ResourceKind, _ request: APIRequest) async throws -> APIResponse {
        let delete = try DeleteOptions(request), found = try await selected(target, kind, request)
        if !delete.isDryRun { for object in found.objects { try await remove(object) } }
        return .object([
            "kind": .string("\(kind.kind)List"), "apiVersion": .string(kind.apiVersion), "metadata": ["resourceVersion": .string(found.version)],
            "items": .array(found.objects.map { Self.item(kind.shown($0.value)) }),
        ])
    }

    /// Everything of one kind in a namespace, for its deletion.
    func removeAll(_ kind: ResourceKind, in namespace: String) async throws {
        for object in try await broker.kept(kind, namespace: namespace).objects { try await remove(object) }
    }
}
