import BatchAPI

/// A Job whose items run in programs with the handler of that name.
public struct HandlerJob: Sendable, Hashable {
    /// The Job's name, as Kubernetes allows it.
    public var name: String
    public var namespace = "default"
    /// The name that the handler is registered under.
    public var handler: String
    /// How many items there are: indexes 0..<items. nil: items are pushed, with payloads; see `SubmittedJob.pusher()`.
    public var items: Int?
    /// Items that run at a time, over all hosts.
    public var parallelism: Int
    /// How often an item that failed is tried again; nil: `backoffLimit` (6) failures of any items end the Job, as Kubernetes has it.
    public var retries: Int? = 0
    /// More failed items end the Job; at most 10,000 of a Job of more than 100,000 items. Not for items that are pushed.
    public var maxFailedItems = 10_000
    /// The Job is deleted that long after its end; nil: never.
    public var ttlSecondsAfterFinished: Int?
    /// What handlers see as `ItemJob.environment`.
    public var environment: [String: String] = [:]
    public var labels: [String: String] = [:]
    /// Nothing of it runs before `SubmittedJob.resume()`.
    public var isSuspended = false

    /// A Job of so many items.
    public init(name: String, handler: String, items: Int? = nil, parallelism: Int = 1000) {
        (self.name, self.handler, self.items, self.parallelism) = (name, handler, items, parallelism)
    }

    /// As a manifest says it.
    var manifest: Value {
        let variables = environment.sorted { $0.key < $1.key }.map { EnvVar(name: $0.key, value: $0.value).raw }
        let container: Value = ["name": "handler", "image": .string(handler), "env": .array(variables)]
        var spec: Value = [
            "parallelism": .int(Int64(parallelism)), "completionMode": "Indexed",
            "template": ["spec": ["runtimeClassName": "handler", "restartPolicy": "Never", "containers": .array([container])]],
        ]
        if isSuspended { spec["suspend"] = true }
        if let items { spec["completions"] = .int(Int64(items)) }
        if let retries {
            spec["backoffLimitPerIndex"] = .int(Int64(retries))
            // Of items that are pushed there are none yet, and it may not be more than there are.
            if let items { spec["maxFailedIndexes"] = .int(Int64(min(maxFailedItems, items))) }
        }
        if let ttlSecondsAfterFinished { spec["ttlSecondsAfterFinished"] = .int(Int64(ttlSecondsAfterFinished)) }
        var metadata: Value = ["name": .string(name), "namespace": .string(namespace), "labels": .strings(labels)]
        if items == nil { metadata["annotations"] = [Job.itemsAnnotation: "true"] }
        return ["metadata": metadata, "spec": spec]
    }
}
