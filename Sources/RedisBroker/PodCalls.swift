import BatchAPI
import Broker
import Redis

extension RedisBroker {
    public func pods(uid: String) async throws(BrokerError) -> [PodRecord] {
        var pods: [PodRecord] = []
        while true {
            var reply = try await list("pods", [uid, pods.last?.token ?? 0, 500])
            if reply.isEmpty { return pods }
            while !reply.isEmpty { pods.append(try reply.pod()) }
        }
    }

    public func pod(namespace: String, name: String) async throws(BrokerError) -> (job: Job, pod: PodRecord)? {
        var reply = try await list("pod", [namespace, name])
        return reply.isEmpty ? nil : (try reply.job(jobCache), try reply.pod())
    }

    public func hiddenJobs() async throws(BrokerError) -> [Job] {
        var reply = try await list("hidden_jobs", [])
        var jobs: [Job] = []
        while !reply.isEmpty { jobs.append(try reply.job(jobCache)) }
        return jobs
    }

    public func createPod(_ holder: Job, metadata: Value, isTracked: Bool) async throws(BrokerError) -> String {
        let address = holder.metadata
        let arguments: [any RedisArgument] = [
            address.uid, address.namespace, address.name, Self.object(holder), holder.spec.template.spec.isScheduledElsewhere ? 1 : 0,
            isTracked ? 1 : 0, PlacementTerms(holder.spec.template).text, "\(holder.share.stride)", holder.share.priority,
            "metadata", metadata.encoded(),
        ]
        var reply = Reply([try await call("create_pod", arguments)])
        return try reply.text()
    }

    public func write(_ write: PodWrite) async throws(BrokerError) -> String {
        var arguments: [any RedisArgument] = [write.job, write.token, write.version ?? "", write.leaves ? 1 : 0]
        for (name, value) in write.fields { arguments += [name, value] as [any RedisArgument] }
        var reply = Reply([try await call("write_pod", arguments)])
        return try reply.text()
    }

    public func delete(_ deletion: PodDeletion) async throws(BrokerError) -> Bool {
        let arguments: [any RedisArgument] = [
            deletion.job, deletion.token, deletion.version ?? "", deletion.grace, deletion.finished?.milliseconds ?? 0,
        ]
        return try await call("delete_pod", arguments).int == 1
    }

    public func strays(namespace: String) async throws(BrokerError) -> [(job: Job, pod: PodRecord)] {
        var reply = try await list("strays", [namespace])
        var found: [(job: Job, pod: PodRecord)] = []
        while !reply.isEmpty { found.append((try reply.job(), try reply.pod())) }
        return found
    }

    public func adopt(_ adoption: Adoption, epoch: Int64) async throws(BrokerError) -> Bool {
        let arguments: [any RedisArgument] = [
            adoption.job, epoch, adoption.holder, adoption.token, adoption.index ?? -1, adoption.isTracked ? 1 : 0, "metadata",
            adoption.metadata.encoded(), "spec", adoption.spec.encoded(), "failures", adoption.failures, "ignores", adoption.ignores,
        ]
        return try await call("adopt", arguments).int == 1
    }

    public func discard(uid: String, epoch: Int64, _ attempts: [Surplus]) async throws(BrokerError) {
        let pairs = attempts.flatMap { [$0.token, $0.heir.map { String($0) } ?? ""] as [any RedisArgument] }
        _ = try await call("discard", [uid, epoch] as [any RedisArgument] + pairs)
    }

    public func place(uid: String, epoch: Int64, limit: Int) async throws(BrokerError) -> Int {
        try await call("place", [uid, epoch, limit]).int ?? 0
    }

    public func events(namespace: String?) async throws(BrokerError) -> [EventRecord] {
        var events: [EventRecord] = []
        var place = ""
        repeat {
            var reply = try await list("events", [namespace ?? "", place, 500])
            place = try reply.text()
            while !reply.isEmpty { events.append(EventRecord(try reply.fields())) }
        } while !place.isEmpty
        return events
    }

    public func event(namespace: String, name: String) async throws(BrokerError) -> EventRecord? {
        var reply = try await list("event", [namespace, name])
        return reply.isEmpty ? nil : EventRecord(try reply.fields())
    }
}

extension PodWrite {
    /// As the store names them.
    fileprivate var fields: [(String, String)] {
        var fields: [(String, String)] = []
        func set(_ name: String, _ value: String?) { if let value { fields.append((name, value)) } }
        set("node", node)
        set("phase", phase)
        set("running", isReady.map { $0 ? "1" : "0" })
        set("readied", readied.map { String($0.milliseconds) })
        set("restarts", restarts.map { String($0) })
        set("started", started.map { String($0.milliseconds) })
        set("finished", finished.map { String($0.milliseconds) })
        set("exit", exitCode.map { String($0) })
        set("disruption", disruption)
        set("metadata", metadata?.encoded())
        set("hold", holdsFinalizers.map { $0 ? "1" : "0" })
        set("index", index.map { String($0) })
        set("failures", failures.map { String($0) })
        set("ignores", ignores.map { String($0) })
        set("status", status?.encoded())
        if untracks { set("counted", "1") }
        set("spec", spec?.encoded())
        return fields
    }
}

extension EventRecord {
    fileprivate init(_ fields: [String: String]) {
        func time(_ key: String) -> Timestamp { Timestamp(milliseconds: fields[key].flatMap { Int64($0) } ?? 0) }
        self.init(
            name: fields["name"] ?? "", namespace: fields["ns"] ?? "", object: fields["object"] ?? "", uid: fields["uid"] ?? "",
            type: fields["type"] ?? "", reason: fields["reason"] ?? "", message: fields["message"] ?? "",
            count: fields["count"].flatMap { Int($0) } ?? 1, first: time("first"), last: time("last"), resourceVersion: fields["rv"] ?? "")
        kind = fields["about"] ?? "Job"
    }
}
