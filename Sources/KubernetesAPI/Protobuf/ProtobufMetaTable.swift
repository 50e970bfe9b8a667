extension ProtobufTable {
    /// What stands in all objects, and what goes with requests.
    static let metaTypes: [String: Fields] = [
        "DeleteOptions": [
            1: ("gracePeriodSeconds", .optional(.int64)), 2: ("preconditions", .optional(.object("Preconditions"))),
            3: ("orphanDependents", .optional(.bool)), 4: ("propagationPolicy", .optional(.string)),
            5: ("dryRun", .list(.string)), 6: ("ignoreStoreReadErrorWithClusterBreakingPotential", .optional(.bool)),
        ],
        "FieldSelectorRequirement": [
            1: ("key", .string), 2: ("operator", .string), 3: ("values", .list(.string)),
        ],
        "LabelSelector": [
            1: ("matchLabels", .map(.string)), 2: ("matchExpressions", .list(.object("LabelSelectorRequirement"))),
        ],
        "LabelSelectorRequirement": [
            1: ("key", .string), 2: ("operator", .string), 3: ("values", .list(.string)),
        ],
        "ListMeta": [
            1: ("selfLink", .string), 2: ("resourceVersion", .string), 3: ("continue", .string),
            4: ("remainingItemCount", .optional(.int64)),
        ],
        "ManagedFieldsEntry": [
            1: ("manager", .string), 2: ("operation", .string), 3: ("apiVersion", .string), 4: ("time", .optional(.time)),
            6: ("fieldsType", .string), 7: ("fieldsV1", .optional(.json)), 8: ("subresource", .string),
        ],
        "ObjectMeta": [
            1: ("name", .string), 2: ("generateName", .string), 3: ("namespace", .string), 4: ("selfLink", .string),
            5: ("uid", .string), 6: ("resourceVersion", .string), 7: ("generation", .int64), 8: ("creationTimestamp", .time),
            9: ("deletionTimestamp", .optional(.time)), 10: ("deletionGracePeriodSeconds", .optional(.int64)),
            11: ("labels", .map(.string)), 12: ("annotations", .map(.string)),
            13: ("ownerReferences", .list(.object("OwnerReference"))), 14: ("finalizers", .list(.string)),
            17: ("managedFields", .list(.object("ManagedFieldsEntry"))),
        ],
        "OwnerReference": [
            1: ("kind", .string), 3: ("name", .string), 4: ("uid", .string), 5: ("apiVersion", .string),
            6: ("controller", .optional(.bool)), 7: ("blockOwnerDeletion", .optional(.bool)),
        ],
        "Preconditions": [
            1: ("uid", .optional(.string)), 2: ("resourceVersion", .optional(.string)),
        ],
        "Status": [
            1: ("metadata", .object("ListMeta")), 2: ("status", .string), 3: ("message", .string), 4: ("reason", .string),
            5: ("details", .optional(.object("StatusDetails"))), 6: ("code", .int32),
        ],
        "StatusCause": [
            1: ("reason", .string), 2: ("message", .string), 3: ("field", .string),
        ],
        "StatusDetails": [
            1: ("name", .string), 2: ("group", .string), 3: ("kind", .string), 4: ("causes", .list(.object("StatusCause"))),
            5: ("retryAfterSeconds", .int32), 6: ("uid", .string),
        ],
    ]
}
