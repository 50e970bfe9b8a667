import BatchAPI

/// What an Event must be like, in its stored form. The core group hardly looks at events, events.k8s.io does.
enum EventCheck {
    /// Larger ones are refused, so that all that are kept have a bound.
    static let maximumBytes = 16_384
    private static let longest = 128

    /// What holds for every Event.
    static func errors(_ event: Value, _ kind: ResourceKind) -> [FieldError] {
        let namespace = event["metadata"]?["namespace"]?.string ?? "", about = event["involvedObject"]?["namespace"]?.string ?? ""
        let isNew = event["eventTime"]?.string != nil
        // What has no namespace is written about in `default`.
        let homes = about.isEmpty ? (isNew ? ["default", "kube-system"] : ["default"]) : isNew ? [namespace] : [about]
        let mismatch: [FieldError] = homes.contains(namespace) ? [] : [.invalid("involvedObject.namespace", .string(about), "does not match event.namespace")]
        return mismatch + (isNew ? required(event, kind) : [])
    }

    private static func required(_ event: Value, _ kind: ResourceKind) -> [FieldError] {
        let controller = kind == Catalog.newEvents ? "reportingController" : "reportingComponent"
        var errors: [FieldError] = []
        for (key, name) in [("reportingComponent", controller), ("reportingInstance", "reportingInstance"), ("action", "action"), ("reason", "reason")] {
            let text = event[key]?.string ?? ""
            if text.isEmpty { errors.append(.required(name)) }
            if text.utf8.count > longest { errors.append(.invalid(name, "", "can have at most \(longest) characters")) }
        }
        if (event["message"]?.string ?? "").utf8.count > 1024 { errors.append(.invalid("message", "", "can have at most 1024 characters")) }
        return errors
    }

    /// What else holds for one that is made through events.k8s.io.
    static func creationErrors(_ event: Value) -> [FieldError] {
        var errors = seriesErrors(event)
        if event["eventTime"]?.string == nil { errors.append(.required("eventTime")) }
        let type = event["type"]?.string ?? ""
        if !["Normal", "Warning"].contains(type) { errors.append(.invalid("type", "", "has invalid value: \(type)")) }
        for key in ["firstTimestamp", "lastTimestamp", "count", "source"] where event[key] != nil && event[key] != 0 {
            errors.append(.invalid(key, "", "needs to be unset"))
        }
        return errors
    }

    /// What a change through events.k8s.io may not touch: all but the series.
    static func updateErrors(_ old: Value, _ new: Value) -> [FieldError] {
        let fixed = [
            "involvedObject", "reason", "message", "source", "firstTimestamp", "lastTimestamp", "count", "type", "eventTime", "action", "related",
            "reportingComponent", "reportingInstance",
        ]
        return seriesErrors(new) + fixed.filter { old[$0] != new[$0] }.map { .invalid($0, new[$0], "field is immutable") }
    }

    private static func seriesErrors(_ event: Value) -> [FieldError] {
        guard let series = event["series"], !series.isNull else { return [] }
        var errors: [FieldError] = []
        if series["count"]?.int ?? 0 < 2 { errors.append(.invalid("series.count", "", "should be at least 2")) }
        if series["lastObservedTime"]?.string == nil { errors.append(.required("series.lastObservedTime")) }
        return errors
    }
}
