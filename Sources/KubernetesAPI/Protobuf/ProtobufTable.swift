/// What the messages look like: the number, JSON name and kind of each field. The numbers are those of the published interface.
enum ProtobufTable {
    /// Field number to field.
    typealias Fields = [Int: Field]
    typealias Field = (name: String, kind: Kind)

    /// What a field holds.
    indirect enum Kind: Sendable, Hashable {
        case string, bool, int32, int64, bytes, time, microTime, quantity, intOrString
        /// A message that holds JSON text.
        case json
        /// A message of the named type.
        case object(String)
        /// A message whose fields stand in JSON among those of the one around it.
        case inline(String)
        case list(Kind)
        /// From texts to values of one kind.
        case map(Kind)
        /// A field that is written only if somebody set it, so that its zero value counts.
        case optional(Kind)

        /// Whether it is written as a bare number, of which lists may be packed.
        var isNumber: Bool { [.bool, .int32, .int64].contains(self) }
    }

    /// The fields of a type, by its name in `Schema`; none if it is unknown.
    static func fields(of type: String) -> Fields { types[type] ?? [:] }

    /// The apiVersion of a body's kind, which is the first known one if the body names none.
    static func apiVersion(of kind: String, named apiVersion: String) throws(ProtobufError) -> String {
        // These go with requests to every group, and are named after it.
        if kind == "DeleteOptions" { return apiVersion.isEmpty ? "v1" : apiVersion }
        let known = kinds[kind] ?? []
        guard let first = known.first, apiVersion.isEmpty || known.contains(apiVersion) else {
            throw ProtobufError("no kind \"\(kind.prefix(60))\" is registered for version \"\(apiVersion.prefix(60))\"")
        }
        return apiVersion.isEmpty ? first : apiVersion
    }

    /// The kinds that may be sent, each with its versions.
    private static let kinds: [String: [String]] = [
        "Job": ["batch/v1"], "CronJob": ["batch/v1"], "Pod": ["v1"], "ConfigMap": ["v1"], "Secret": ["v1"], "Namespace": ["v1"],
        "ServiceAccount": ["v1"], "PersistentVolumeClaim": ["v1"], "ResourceQuota": ["v1"], "Node": ["v1"], "Event": ["v1", "events.k8s.io/v1"],
        "Binding": ["v1"], "Status": ["v1"], "Eviction": ["policy/v1", "policy/v1beta1"], "Lease": ["coordination.k8s.io/v1"],
        "SelfSubjectAccessReview": ["authorization.k8s.io/v1"], "SelfSubjectRulesReview": ["authorization.k8s.io/v1"],
        "SelfSubjectReview": ["authentication.k8s.io/v1", "authentication.k8s.io/v1beta1", "authentication.k8s.io/v1alpha1"],
    ]

    /// All messages, by their names in `Schema`.
    static let types: [String: Fields] = [
        metaTypes, batchTypes, podTypes, schedulingTypes, containerTypes, volumeTypes, driverVolumeTypes, podStatusTypes, storageTypes,
        clusterTypes, reviewTypes,
    ].reduce(into: [:]) { all, group in all.merge(group, uniquingKeysWith: { $1 }) }
}
