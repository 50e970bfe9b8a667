import BatchAPI

/// The two forms of an Event: that of the core group, in which it is stored, and that of events.k8s.io, which calls some fields otherwise.
enum EventForm {
    private static let names = [
        (core: "involvedObject", new: "regarding"), ("message", "note"), ("reportingComponent", "reportingController"), ("count", "deprecatedCount"),
        ("source", "deprecatedSource"), ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"),
    ]

    /// From the form of events.k8s.io to the core group's.
    static func core(_ event: Value) -> Value {
        var result = event
        for (core, new) in names { (result[core], result[new]) = (event[new], nil) }
        result["apiVersion"] = "v1"
        return result
    }

    /// From the core group's form to that of events.k8s.io.
    static func new(_ event: Value) -> Value {
        var result = withEmptyMembers(event)
        for (core, new) in names { (result[new], result[core]) = (result[core], nil) }
        for key in ["reportingController", "reportingInstance"] where result[key] == "" { result[key] = nil }
        result["apiVersion"] = "events.k8s.io/v1"
        return result
    }

    /// With what clients find in every Event, were it empty.
    static func withEmptyMembers(_ event: Value) -> Value {
        var result = event
        for key in ["firstTimestamp", "lastTimestamp", "eventTime"] where event[key] == nil { result[key] = .null }
        for key in ["reportingComponent", "reportingInstance"] where event[key] == nil { result[key] = "" }
        for key in ["involvedObject", "source"] where event[key] == nil { result[key] = .object([:]) }
        return result
    }

    /// Without those.
    static func removeEmptyMembers(_ event: inout Value) {
        for key in ["firstTimestamp", "lastTimestamp", "eventTime"] where event[key] == .null { event[key] = nil }
        for key in ["reportingComponent", "reportingInstance"] where event[key] == "" { event[key] = nil }
        for key in ["involvedObject", "source"] where event[key] == .object([:]) { event[key] = nil }
    }
}

extension ResourceKind {
    /// The kind as which objects of this one are stored: events of both groups are the same objects.
    var storage: ResourceKind { self == Catalog.newEvents ? Catalog.events : self }

    /// A stored object as this kind shows it.
    func shown(_ stored: Value) -> Value {
        if self == Catalog.newEvents { return EventForm.new(stored) }
        return self == Catalog.events ? EventForm.withEmptyMembers(stored) : stored
    }

    /// What a client has sent of this kind, as it is stored.
    func stored(_ sent: Value) -> Value { self == Catalog.newEvents ? EventForm.core(sent) : sent }
}
