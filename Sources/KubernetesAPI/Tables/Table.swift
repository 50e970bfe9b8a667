import BatchAPI

/// A column of a table.
struct TableColumn: Sendable {
    var name: String
    /// "name" for the column that names the object.
    var format = ""
    var description: String
    /// 1 for columns that only wide output shows.
    var priority = 0

    var value: Value {
        [
            "name": .string(name), "type": "string", "format": .string(format), "description": .string(description),
            "priority": .int(Int64(priority)),
        ]
    }
}

/// How objects of one kind become rows.
struct TableLayout: Sendable {
    struct Row: Sendable {
        /// Texts and numbers.
        var values: [Value]
        /// Marks of the row, as Completed for pods that have ended.
        var conditions: [Value] = []

        init(values: [Value]) { self.values = values }
        init(cells: [String], conditions: [Value] = []) { (values, self.conditions) = (cells.map { .string($0) }, conditions) }
    }

    var columns: [TableColumn]
    var row: @Sendable (_ object: Value, _ now: Timestamp) -> Row

    /// What a row carries of its object besides the cells.
    enum Included: String, Sendable { case metadata = "Metadata", object = "Object", none = "None" }

    /// The table of a list, or of a single object.
    func table(_ objects: [Value], metadata: Value, included: Included, now: Timestamp) -> Value {
        [
            "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
            "columnDefinitions": .array(columns.map(\.value)),
            "rows": .array(objects.map { tableRow($0, included, now) }),
        ]
    }

    private func tableRow(_ object: Value, _ included: Included, _ now: Timestamp) -> Value {
        let row = row(object, now)
        var value: Value = ["cells": .array(row.values)]
        if !row.conditions.isEmpty { value["conditions"] = .array(row.conditions) }
        switch included {
        case .metadata: value["object"] = Self.partial(object)
        case .object: value["object"] = object
        case .none: value["object"] = .null
        }
        return value
    }

    /// An object's metadata alone.
    static func partial(_ object: Value) -> Value {
        ["kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"] ?? .object([:])]
    }
}

extension Value {
    /// The time since an object was made, as its table shows it.
    func age(now: Timestamp) -> String {
        HumanDuration.since(self["metadata"]?["creationTimestamp"]?.string.flatMap { Timestamp(rfc3339: $0) }, now: now)
    }

    /// An object's name.
    var objectName: String { self["metadata"]?["name"]?.string ?? "" }
}
