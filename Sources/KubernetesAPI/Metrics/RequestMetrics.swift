import Metrics

/// Counts requests by bounded labels: verbs, kinds that are served, codes.
struct RequestMetrics: Sendable {
    let factory: any MetricsFactory

    /// What a request does, as it is counted and logged.
    struct Purpose: Sendable, Hashable {
        var verb: String
        /// "" outside of the API groups and for kinds that are not served.
        var resource: String

        init(_ request: APIRequest) {
            let target = ResourcePath(request.path)
            let kind = target.flatMap { target in Catalog.kinds(group: target.group).first { $0.name == target.resource } }
            resource = kind?.name ?? ""
            let subresources = kind?.subresources.map(\.name) ?? []
            if let name = target?.subresource, subresources.contains(name) { resource += "/\(name)" }
            switch (request.method, target?.name) {
            case (nil, _): verb = "OTHER"
            case (.get, _) where request.query.flag("watch") && target != nil: verb = "WATCH"
            case (.get, nil) where target != nil: verb = "LIST"
            case (.delete, nil): verb = "DELETECOLLECTION"
            case (let method?, _): verb = method.rawValue
            }
        }
    }

    /// A request was answered.
    func answered(_ purpose: Purpose, code: Int, after time: Duration) {
        let labels = [("verb", purpose.verb), ("resource", purpose.resource)]
        Counter(label: "apiserver_request_total", dimensions: labels + [("code", String(code))], factory: factory).increment()
        Metrics.Timer(label: "apiserver_request_duration_seconds", dimensions: labels, factory: factory).record(duration: time)
    }

    /// How many requests of a sort are open now.
    func open(_ number: Int, longRunning verb: String) {
        Meter(label: "apiserver_longrunning_requests", dimensions: [("verb", verb)], factory: factory).set(number)
    }
}
