import BatchAPI

/// How something is to be deleted. A body, if there is one, replaces the query options altogether, as in Kubernetes.
struct DeleteOptions: Sendable {
    /// Foreground, Background or Orphan; nil for the default.
    var propagationPolicy: String?
    /// The uid that the object must still have.
    var uid: String?
    /// The resourceVersion that the object must still have.
    var resourceVersion: String?
    var isDryRun: Bool
    /// Seconds; nil: the pod's own.
    var gracePeriodSeconds: Int?

    private static let policies = ["Foreground", "Background", "Orphan", "nil"]

    init(_ request: APIRequest) throws(APIStatus) {
        let value = request.body.isEmpty ? nil : try Self.body(request)
        let dryRun = value.map { $0["dryRun"]?.strings ?? [] } ?? request.query.all("dryRun")
        let policy = value.map { $0["propagationPolicy"]?.string } ?? request.query["propagationPolicy"]
        let query = request.query
        let orphan = value.map { $0["orphanDependents"]?.bool } ?? query["orphanDependents"].map { _ in query.flag("orphanDependents") }
        let errors = WriteOptions.dryRunErrors(dryRun) + Self.policyErrors(policy, orphan)
        guard errors.isEmpty else { throw .invalid(kind: "DeleteOptions", group: "meta.k8s.io", name: "", errors: errors) }
        propagationPolicy = policy ?? orphan.map { $0 ? "Orphan" : "Background" }
        uid = value?["preconditions"]?["uid"]?.string
        resourceVersion = value?["preconditions"]?["resourceVersion"]?.string
        isDryRun = dryRun.contains("All")
        gracePeriodSeconds = try value == nil ? query.number("gracePeriodSeconds") : value?["gracePeriodSeconds"]?.int
    }

    private static func body(_ request: APIRequest) throws(APIStatus) -> Value {
        let value = try BodyText.json(request, kind: "DeleteOptions").value
        guard value.object != nil else { throw .badRequest("the body of a DELETE must be an object of kind DeleteOptions") }
        let kind = value["kind"]?.string ?? "", version = value["apiVersion"]?.string ?? ""
        guard ["", "DeleteOptions"].contains(kind) else {
            throw .badRequest(
                "no kind \"\(kind)\" is registered for version \"\(version)\" in scheme \"pkg/apis/meta/internalversion/scheme/register.go:27\"")
        }
        return value
    }

    private static func policyErrors(_ policy: String?, _ orphan: Bool?) -> [FieldError] {
        guard let policy else { return [] }
        if orphan != nil {
            return [.invalid("propagationPolicy", .string(policy), "orphanDependents and deletionPropagation cannot be both set")]
        }
        return policies.dropLast().contains(policy) ? [] : [.notSupported("propagationPolicy", policy, policies)]
    }

    /// Throws unless an object is still the one that the client has seen.
    func checkPreconditions(_ metadata: ObjectMeta, resource: String = "Job", group: String = "batch") throws(APIStatus) {
        if let uid, uid != metadata.uid {
            throw .conflict(
                resource: resource, group: group, name: metadata.name, detail: "the UID in the precondition (\(uid)) does not match the UID in record (\(metadata.uid)). "
                    + "The object might have been deleted and then recreated")
        }
        if let resourceVersion, resourceVersion != metadata.resourceVersion {
            throw .conflict(
                resource: resource, group: group, name: metadata.name, detail: "the ResourceVersion in the precondition (\(resourceVersion)) does not match the ResourceVersion in record "
                    + "(\(metadata.resourceVersion)). The object might have been modified")
        }
    }
}
