extension Schema {
    /// What else is served next to Jobs and pods. A type whose bare name is taken bears its group: "events.Event".
    static let clusterTypes: [String: Fields] = [
        "Binding": [
            "apiVersion": .string, "kind": .string, "metadata": .object("ObjectMeta"),
            "target": .object("ObjectReference"),
        ],
        "Event": [
            "action": .string, "apiVersion": .string, "count": .int32, "eventTime": .microTime, "firstTimestamp": .time,
            "involvedObject": .object("ObjectReference"), "kind": .string, "lastTimestamp": .time, "message": .string,
            "metadata": .object("ObjectMeta"), "reason": .string, "related": .object("ObjectReference"),
            "reportingComponent": .string, "reportingInstance": .string, "series": .object("EventSeries"),
            "source": .object("EventSource"), "type": .string,
        ],
        "EventSeries": [
            "count": .int32, "lastObservedTime": .microTime,
        ],
        "EventSource": [
            "component": .string, "host": .string,
        ],
        "Eviction": [
            "apiVersion": .string, "deleteOptions": .object("DeleteOptions"), "kind": .string,
            "metadata": .object("ObjectMeta"),
        ],
        "Lease": [
            "apiVersion": .string, "kind": .string, "metadata": .object("ObjectMeta"), "spec": .object("LeaseSpec"),
        ],
        "LeaseSpec": [
            "acquireTime": .microTime, "holderIdentity": .string, "leaseDurationSeconds": .int32,
            "leaseTransitions": .int32, "preferredHolder": .string, "renewTime": .microTime, "strategy": .string,
        ],
        "Namespace": [
            "apiVersion": .string, "kind": .string, "metadata": .object("ObjectMeta"), "spec": .object("NamespaceSpec"),
            "status": .object("NamespaceStatus"),
        ],
        "NamespaceCondition": [
            "lastTransitionTime": .time, "message": .string, "reason": .string, "status": .string, "type": .string,
        ],
        "NamespaceSpec": [
            "finalizers": .list(.string),
        ],
        "NamespaceStatus": [
            "conditions": .list(.object("NamespaceCondition"), mergeKey: "type"), "phase": .string,
        ],
        "ServiceAccount": [
            "apiVersion": .string, "automountServiceAccountToken": .bool,
            "imagePullSecrets": .list(.object("LocalObjectReference")), "kind": .string, "metadata": .object("ObjectMeta"),
            "secrets": .list(.object("ObjectReference"), mergeKey: "name"),
        ],
        "events.Event": [
            "action": .string, "apiVersion": .string, "deprecatedCount": .int32, "deprecatedFirstTimestamp": .time,
            "deprecatedLastTimestamp": .time, "deprecatedSource": .object("EventSource"), "eventTime": .microTime,
            "kind": .string, "metadata": .object("ObjectMeta"), "note": .string, "reason": .string,
            "regarding": .object("ObjectReference"), "related": .object("ObjectReference"), "reportingController": .string,
            "reportingInstance": .string, "series": .object("events.EventSeries"), "type": .string,
        ],
        "events.EventSeries": [
            "count": .int32, "lastObservedTime": .microTime,
        ],
    ]
}
