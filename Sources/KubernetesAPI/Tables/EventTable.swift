import BatchAPI

extension TableLayout {
    /// `kubectl get events`.
    static let events = TableLayout(columns: EventColumns.all) { event, now in
        let object = event["involvedObject"] ?? .null
        func text(_ key: String) -> String { event[key]?.string ?? "" }
        return Row(values: [
            .string(HumanDuration.since(EventCells.last(event), now: now)), .string(text("type")), .string(text("reason")), .string(EventCells.object(object)),
            object["fieldPath"] ?? "", .string(EventCells.source(event)), .string(text("message")),
            .string(HumanDuration.since(EventCells.first(event), now: now)), EventCells.count(event), .string(event.objectName),
        ])
    }

    /// The same of events.k8s.io.
    static let newEvents = TableLayout(columns: events.columns) { event, now in events.row(EventForm.core(event), now) }
}

/// The cells of an Event's row.
private enum EventCells {
    static func first(_ event: Value) -> Timestamp? { time(event["firstTimestamp"]) ?? time(event["eventTime"]) }

    static func last(_ event: Value) -> Timestamp? {
        time(event["series"]?["lastObservedTime"]) ?? time(event["lastTimestamp"]) ?? first(event)
    }

    private static func time(_ value: Value?) -> Timestamp? { value?.string.flatMap { Timestamp(rfc3339: $0) } }

    /// "job/pi".
    static func object(_ reference: Value) -> String {
        let kind = (reference["kind"]?.string ?? "").lowercased(), name = reference["name"]?.string ?? ""
        return name.isEmpty ? kind : "\(kind)/\(name)"
    }

    /// Who tells of it, and which one of them.
    static func source(_ event: Value) -> String {
        func text(_ old: Value?, _ new: String) -> String? { [old, event[new]].compactMap { $0?.string }.first { !$0.isEmpty } }
        let source = event["source"] ?? .null
        return [text(source["component"], "reportingComponent") ?? "", text(source["host"], "reportingInstance")].compactMap { $0 }.joined(separator: ", ")
    }

    static func count(_ event: Value) -> Value {
        let count = event["series"]?["count"]?.int ?? event["count"]?.int ?? 0
        return .int(max(1, Int64(count)))
    }
}

private enum EventColumns {
    static let all = [
        TableColumn(name: "Last Seen", description: "The time at which the most recent occurrence of this event was recorded."),
        TableColumn(name: "Type", description: "Type of this event (Normal, Warning), new types could be added in the future"),
        TableColumn(
            name: "Reason",
            description: """
                This should be a short, machine understandable string that gives the reason for the transition into the object's current status.
                """),
        TableColumn(name: "Object", description: "The object that this event is about."),
        TableColumn(
            name: "Subobject",
            description: """
                If referring to a piece of an object instead of an entire object, this string should contain a valid JSON/Go field access statement, \
                such as desiredState.manifest.containers[2]. For example, if the object reference is to a container within a pod, this would take \
                on a value like: "spec.containers{name}" (where "name" refers to the name of the container that triggered the event) or if no \
                container name is specified "spec.containers[2]" (container with index 2 in this pod). This syntax is chosen only to have some \
                well-defined way of referencing a part of an object.
                """, priority: 1),
        TableColumn(name: "Source", description: "The component reporting this event. Should be a short machine understandable string.", priority: 1),
        TableColumn(name: "Message", description: "A human-readable description of the status of this operation."),
        TableColumn(
            name: "First Seen", description: "The time at which the event was first recorded. (Time of server receipt is in TypeMeta.)", priority: 1),
        TableColumn(name: "Count", description: "The number of times this event has occurred.", priority: 1),
        TableColumns.name(priority: 1),
    ]
}
