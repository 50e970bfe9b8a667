import BatchAPI

extension TableLayout {
    /// `kubectl get events`.
    static let events = TableLayout(columns: EventColumns.all) { event, now in
        func time(_ key: String) -> String { HumanDuration.since(event[key]?.string.flatMap { Timestamp(rfc3339: $0) }, now: now) }
        let object = event["involvedObject"] ?? .null
        return Row(cells: [
            time("lastTimestamp"), event["type"]?.string ?? "", event["reason"]?.string ?? "",
            "\((object["kind"]?.string ?? "").lowercased())/\(object["name"]?.string ?? "")", "", event["source"]?["component"]?.string ?? "",
            event["message"]?.string ?? "", time("firstTimestamp"), String(event["count"]?.int ?? 1), event.objectName,
        ])
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
        TableColumn(name: "Subobject", description: "The part of the object that this event is about.", priority: 1),
        TableColumn(name: "Source", description: "The component reporting this event. Should be a short machine understandable string.", priority: 1),
        TableColumn(name: "Message", description: "A human-readable description of the status of this operation."),
        TableColumn(name: "First Seen", description: "The time at which the event was first recorded.", priority: 1),
        TableColumn(name: "Count", description: "The number of times this event has occurred.", priority: 1),
        TableColumn(name: "Name", format: "name", description: "Name must be unique within a namespace.", priority: 1),
    ]
}
