import BatchAPI
import Broker

/// An Event that the store has noted (R100), in the form in which others are kept.
enum EventObject {
    static func stored(_ event: EventRecord) -> StoredObject {
        StoredObject(resource: "events", namespace: event.namespace, name: event.name, value: value(event), version: event.resourceVersion)
    }

    static func value(_ event: EventRecord) -> Value {
        let isAboutJob = event.kind == "Job", source = isAboutJob ? "job-controller" : "default-scheduler"
        return [
            "apiVersion": "v1", "kind": "Event",
            "metadata": [
                "name": .string(event.name), "namespace": .string(event.namespace), "uid": .string(uid(event)),
                "resourceVersion": .string(event.resourceVersion), "creationTimestamp": event.first.wholeSecond.value,
            ],
            "involvedObject": [
                "apiVersion": isAboutJob ? "batch/v1" : "v1", "kind": .string(event.kind), "name": .string(event.object), "namespace": .string(event.namespace),
                "uid": .string(event.uid),
            ],
            "type": .string(event.type), "reason": .string(event.reason), "message": .string(event.message), "count": .int(Int64(event.count)),
            "firstTimestamp": event.first.wholeSecond.value, "lastTimestamp": event.last.wholeSecond.value,
            "source": ["component": .string(source)], "reportingComponent": .string(source),
        ]
    }

    /// Made from the object's and what tells events of one object apart.
    private static func uid(_ event: EventRecord) -> String { "\(event.uid)-\(event.name.split(separator: ".").last ?? "")" }
}
