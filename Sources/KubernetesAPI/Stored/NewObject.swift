import BatchAPI
import Broker

/// From a posted object of a kind that is only kept to the one that is stored.
enum NewObject {
    /// The object with identity and defaults; checked.
    static func make(_ posted: Value, _ kind: ResourceKind, namespace: String, now: Timestamp) throws(APIStatus) -> Value {
        var object = Schema.pruned(posted, as: kind.kind)
        (object["apiVersion"], object["kind"]) = (.string(kind.storage.apiVersion), .string(kind.kind))
        var metadata = ObjectMeta(object["metadata"] ?? .null)
        if metadata.name.isEmpty, let prefix = metadata.generateName, !prefix.isEmpty { metadata.name = prefix.prefix(58) + Identifiers.suffix() }
        (metadata.namespace, metadata.uid, metadata.resourceVersion) = (namespace, Identifiers.uid(), "")
        (metadata.creationTimestamp, metadata.deletionTimestamp) = (now.wholeSecond, nil)
        object["metadata"] = metadata.value
        setDefaults(&object, kind)
        try check(object, kind)
        if kind == Catalog.newEvents { try refuse(EventCheck.creationErrors(object), object, kind) }
        return object
    }

    /// What the kind itself fills in.
    static func setDefaults(_ object: inout Value, _ kind: ResourceKind) {
        switch kind.name {
        case "secrets": setSecret(&object)
        case "persistentvolumeclaims": setClaim(&object)
        case "namespaces": setNamespace(&object)
        case "events": EventForm.removeEmptyMembers(&object)
        default: break
        }
    }

    private static func setSecret(_ object: inout Value) {
        if object["type"] == nil { object["type"] = "Opaque" }
        for (key, text) in object["stringData"]?.stringMap ?? [:] {
            if object["data"]?.object == nil { object["data"] = .object([:]) }
            object["data"]?[key] = .string(Base64.encode(text.utf8))
        }
        object["stringData"] = nil
    }

    /// A claim is a folder of the worker that mounts it: it is bound as soon as it is there.
    private static func setClaim(_ object: inout Value) {
        let uid = object["metadata"]?["uid"]?.string ?? ""
        if object["spec"]?["volumeMode"] == nil { object["spec"]?["volumeMode"] = "Filesystem" }
        if object["spec"]?["volumeName"] == nil { object["spec"]?["volumeName"] = .string("pvc-" + uid) }
        object["status"] = [
            "phase": "Bound", "accessModes": object["spec"]?["accessModes"] ?? .array([]),
            "capacity": object["spec"]?["resources"]?["requests"] ?? .object([:]),
        ]
    }

    private static func setNamespace(_ object: inout Value) {
        object["metadata"]?["namespace"] = nil
        if object["metadata"]?["labels"]?.object == nil { object["metadata"]?["labels"] = .object([:]) }
        let name = object.objectName
        object["metadata"]?["labels"]?["kubernetes.io/metadata.name"] = .string(name)
        object["spec"] = ["finalizers": ["kubernetes"]]
        if object["status"]?["phase"] == nil { object["status"] = ["phase": "Active"] }
    }

    static func check(_ object: Value, _ kind: ResourceKind) throws(APIStatus) {
        var errors = NameCheck.errors(object, isLabel: kind.name == "namespaces")
        if kind.name == "persistentvolumeclaims" {
            if object["spec"]?["accessModes"]?.array?.isEmpty ?? true { errors.append(.required("spec.accessModes", "at least 1 access mode is required")) }
            if object["spec"]?["resources"]?["requests"]?["storage"] == nil { errors.append(.required("spec.resources[storage]")) }
        }
        if kind.name == "events" {
            errors += EventCheck.errors(object, kind)
            guard object.encodedBytes.count <= EventCheck.maximumBytes else { throw .tooLarge(limit: EventCheck.maximumBytes) }
        }
        try refuse(errors, object, kind)
    }

    private static func refuse(_ errors: [FieldError], _ object: Value, _ kind: ResourceKind) throws(APIStatus) {
        guard errors.isEmpty else { throw .invalid(kind: kind.kind, group: kind.group, name: object.objectName, errors: errors) }
    }

    /// What an update may not change.
    static func checkUpdate(_ old: Value, _ new: Value, _ kind: ResourceKind) throws(APIStatus) {
        if kind == Catalog.newEvents { try refuse(EventCheck.updateErrors(old, new), old, kind) }
        guard ["configmaps", "secrets"].contains(kind.name), old["immutable"]?.bool == true else { return }
        var errors: [FieldError] = []
        if new["immutable"]?.bool != true { errors.append(.forbidden("immutable", "field is immutable when `immutable` is set")) }
        for field in ["data", "binaryData"] where old[field] != new[field] {
            errors.append(.forbidden(field, "field is immutable when `immutable` is set"))
        }
        try refuse(errors, old, kind)
    }
}
