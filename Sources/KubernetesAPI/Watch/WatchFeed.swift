import BatchAPI
import Broker

/// What one client wants of a watch, and the lines that it gets.
struct WatchFeed: Sendable {
    var layout: TableLayout
    var representation: Representation
    var included: TableLayout.Included
    /// "batch/v1", "Job".
    var apiVersion: String
    var kind: String
    /// "" for all.
    var namespace: String
    /// Looks at an object in the form in which it is shown.
    var matches: @Sendable (Value) -> Bool
    /// From the form of the hub's objects to that in which they are shown; nil if it is the same.
    var convert: (@Sendable (Value) -> Value)?
    var now: @Sendable () -> Timestamp

    /// The line about an event; nil if the client does not see its object, before or after. What stops to match is deleted for it, what
    /// begins to is added.
    func line(_ event: WatchEvent, isFirst: Bool) -> [UInt8]? {
        guard namespace.isEmpty || event.object["metadata"]?["namespace"]?.string == namespace else { return nil }
        let object = convert?(event.object) ?? event.object, old = event.old.map { convert?($0) ?? $0 }
        let fits = matches(object), did = old.map(matches) ?? (event.kind != .added)
        let kind: WatchEvent.Kind
        switch event.kind {
        case .deleted: if did || fits { kind = .deleted } else { return nil }
        case .added, .modified:
            if fits { kind = event.old == nil && event.kind == .modified || did && event.kind == .modified ? .modified : .added } else {
                guard event.old != nil, did else { return nil }
                kind = .deleted
            }
        }
        if representation == .object, kind == event.kind, convert == nil { return event.bytes }
        return WatchEvent.frame(kind.rawValue, shown(object, isFirst: isFirst))
    }

    private func shown(_ object: Value, isFirst: Bool) -> Value {
        switch representation {
        case .table:
            var table = layout.table([object], metadata: ["resourceVersion": object["metadata"]?["resourceVersion"] ?? ""], included: included, now: now())
            // Only the first says what the columns are.
            if !isFirst { table["columnDefinitions"] = .null }
            return table
        case .metadata: return TableLayout.partial(object)
        default: return object
        }
    }

    /// Says up to where all is told.
    func bookmark(_ version: Int64, endsInitial: Bool = false) -> [UInt8] {
        var metadata: Value = ["resourceVersion": .string(String(version))]
        if endsInitial { metadata["annotations"] = ["k8s.io/initial-events-end": "true"] }
        var object: Value = ["kind": .string(kind), "apiVersion": .string(apiVersion), "metadata": metadata]
        if kind == "Job" {
            object["spec"] = ["template": ["metadata": .object([:]), "spec": ["containers": .null]]]
            object["status"] = .object([:])
        }
        if representation == .table {
            object = layout.table([], metadata: ["resourceVersion": .string(String(version))], included: included, now: now())
            object["columnDefinitions"] = .null
        }
        return WatchEvent.frame("BOOKMARK", object)
    }

    /// The client has to list again.
    static func gone(_ status: APIStatus) -> [UInt8] { WatchEvent.frame("ERROR", status.value) }
}

extension APIStatus {
    /// 410: the log of changes does not reach back to the version.
    static func expired(_ version: Int64, _ newest: Int64) -> APIStatus { .expired("too old resource version: \(version) (\(newest))") }
}
