extension ProtobufTable {
    /// Objects beside the pods: namespaces, nodes, quotas, events, leases.
    static let clusterTypes: [String: Fields] = [
        "Binding": [
            1: ("metadata", .object("ObjectMeta")), 2: ("target", .object("ObjectReference")),
        ],
        "Event": [
            1: ("metadata", .object("ObjectMeta")), 2: ("involvedObject", .object("ObjectReference")), 3: ("reason", .string),
            4: ("message", .string), 5: ("source", .object("EventSource")), 6: ("firstTimestamp", .time),
            7: ("lastTimestamp", .time), 8: ("count", .int32), 9: ("type", .string), 10: ("eventTime", .microTime),
            11: ("series", .optional(.object("EventSeries"))), 12: ("action", .string),
            13: ("related", .optional(.object("ObjectReference"))), 14: ("reportingComponent", .string),
            15: ("reportingInstance", .string),
        ],
        "EventSeries": [
            1: ("count", .int32), 2: ("lastObservedTime", .microTime),
        ],
        "EventSource": [
            1: ("component", .string), 2: ("host", .string),
        ],
        "Eviction": [
            1: ("metadata", .object("ObjectMeta")), 2: ("deleteOptions", .optional(.object("DeleteOptions"))),
        ],
        "Lease": [
            1: ("metadata", .object("ObjectMeta")), 2: ("spec", .object("LeaseSpec")),
        ],
        "LeaseSpec": [
            1: ("holderIdentity", .optional(.string)), 2: ("leaseDurationSeconds", .optional(.int32)),
            3: ("acquireTime", .optional(.microTime)), 4: ("renewTime", .optional(.microTime)),
            5: ("leaseTransitions", .optional(.int32)), 6: ("strategy", .optional(.string)),
            7: ("preferredHolder", .optional(.string)),
        ],
        "Namespace": [
            1: ("metadata", .object("ObjectMeta")), 2: ("spec", .object("NamespaceSpec")),
            3: ("status", .object("NamespaceStatus")),
        ],
        "NamespaceCondition": [
            1: ("type", .string), 2: ("status", .string), 4: ("lastTransitionTime", .time), 5: ("reason", .string),
            6: ("message", .string),
        ],
        "NamespaceSpec": [
            1: ("finalizers", .list(.string)),
        ],
        "NamespaceStatus": [
            1: ("phase", .string), 2: ("conditions", .list(.object("NamespaceCondition"))),
        ],
        "Node": [
            1: ("metadata", .object("ObjectMeta")), 2: ("spec", .object("NodeSpec")),
        ],
        "NodeSpec": [
            1: ("podCIDR", .string), 2: ("externalID", .string), 3: ("providerID", .string), 4: ("unschedulable", .bool),
            5: ("taints", .list(.object("Taint"))), 7: ("podCIDRs", .list(.string)),
        ],
        "ObjectReference": [
            1: ("kind", .string), 2: ("namespace", .string), 3: ("name", .string), 4: ("uid", .string),
            5: ("apiVersion", .string), 6: ("resourceVersion", .string), 7: ("fieldPath", .string),
        ],
        "ResourceQuota": [
            1: ("metadata", .object("ObjectMeta")), 2: ("spec", .object("ResourceQuotaSpec")),
            3: ("status", .object("ResourceQuotaStatus")),
        ],
        "ResourceQuotaSpec": [
            1: ("hard", .map(.quantity)), 2: ("scopes", .list(.string)),
            3: ("scopeSelector", .optional(.object("ScopeSelector"))),
        ],
        "ResourceQuotaStatus": [
            1: ("hard", .map(.quantity)), 2: ("used", .map(.quantity)),
        ],
        "ScopeSelector": [
            1: ("matchExpressions", .list(.object("ScopedResourceSelectorRequirement"))),
        ],
        "ScopedResourceSelectorRequirement": [
            1: ("scopeName", .string), 2: ("operator", .string), 3: ("values", .list(.string)),
        ],
        "events.Event": [
            1: ("metadata", .object("ObjectMeta")), 2: ("eventTime", .microTime), 3: ("series", .optional(.object("EventSeries"))),
            4: ("reportingController", .string), 5: ("reportingInstance", .string), 6: ("action", .string), 7: ("reason", .string),
            8: ("regarding", .object("ObjectReference")), 9: ("related", .optional(.object("ObjectReference"))), 10: ("note", .string),
            11: ("type", .string), 12: ("deprecatedSource", .object("EventSource")), 13: ("deprecatedFirstTimestamp", .time),
            14: ("deprecatedLastTimestamp", .time), 15: ("deprecatedCount", .int32),
        ],
        "ServiceAccount": [
            1: ("metadata", .object("ObjectMeta")), 2: ("secrets", .list(.object("ObjectReference"))),
            3: ("imagePullSecrets", .list(.object("LocalObjectReference"))),
            4: ("automountServiceAccountToken", .optional(.bool)),
        ],
        "Taint": [
            1: ("key", .string), 2: ("value", .string), 3: ("effect", .string), 4: ("timeAdded", .optional(.time)),
        ],
    ]
}
