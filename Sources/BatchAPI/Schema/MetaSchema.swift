extension Schema {
    /// The types that all groups share.
    static let metaTypes: [String: Fields] = [
        "DeleteOptions": [
            "apiVersion": .string, "dryRun": .list(.string), "gracePeriodSeconds": .int64,
            "ignoreStoreReadErrorWithClusterBreakingPotential": .bool, "kind": .string, "orphanDependents": .bool,
            "preconditions": .object("Preconditions"), "propagationPolicy": .string,
        ],
        "LabelSelector": [
            "matchExpressions": .list(.object("LabelSelectorRequirement")), "matchLabels": .map(.string),
        ],
        "LabelSelectorRequirement": [
            "key": .string, "operator": .string, "values": .list(.string),
        ],
        "ManagedFieldsEntry": [
            "apiVersion": .string, "fieldsType": .string, "fieldsV1": .any, "manager": .string, "operation": .string,
            "subresource": .string, "time": .time,
        ],
        "ObjectMeta": [
            "annotations": .map(.string), "creationTimestamp": .time, "deletionGracePeriodSeconds": .int64,
            "deletionTimestamp": .time, "finalizers": .set(.string), "generateName": .string, "generation": .int64,
            "labels": .map(.string), "managedFields": .list(.object("ManagedFieldsEntry")), "name": .string,
            "namespace": .string, "ownerReferences": .list(.object("OwnerReference"), mergeKey: "uid"),
            "resourceVersion": .string, "selfLink": .string, "uid": .string,
        ],
        "OwnerReference": [
            "apiVersion": .string, "blockOwnerDeletion": .bool, "controller": .bool, "kind": .string, "name": .string,
            "uid": .string,
        ],
        "Preconditions": [
            "resourceVersion": .string, "uid": .string,
        ],
    ]
}
