import BatchAPI
import Broker

/// An Event of the core group (R100).
enum EventObject {
    static func value(_ event: EventRecord) -> Value {
        [
            "apiVersion": "v1", "kind": "Event",
            "metadata": [
                "name": .string(event.name), "namespace": .string(event.namespace), "uid": .string(uid(event)),
                "resourceVersion": .string(event.resourceVersion), "creationTimestamp": event.first.wholeSecond.value,
            ],
            "involvedObject": [
                "apiVersion": "batch/v1", "kind": "Job", "name": .string(event.object), "namespace": .string(event.namespace),
                "uid": .string(event.uid),
            ],
            "type": .string(event.type), "reason": .string(event.reason), "message": .string(event.message), "count": .int(Int64(event.count)),
            "firstTimestamp": event.first.wholeSecond.value, "lastTimestamp": event.last.wholeSecond.value, "eventTime": .null,
            "source": ["component": "job-controller"], "reportingComponent": "job-controller", "reportingInstance": "",
        ]
    }

    /// Made from the object's and what tells events of one object apart.
    private static func uid(_ event: EventRecord) -> String { "\(event.uid)-\(event.name.split(separator: ".").last ?? "")" }
}
