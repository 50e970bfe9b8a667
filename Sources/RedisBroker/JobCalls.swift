import BatchAPI
import Broker
import Redis

extension RedisBroker {
    public func create(_ job: Job, settings: LedgerSettings) async throws(BrokerError) -> Job {
        let spec = job.spec, metadata = job.metadata, terms = PlacementTerms(job.spec.template)
        let arguments: [any RedisArgument] = [
            metadata.uid, metadata.namespace, metadata.name, Self.object(job), metadata.name, settings.value.encoded(),
            spec.isIndexed ? 1 : 0, spec.completions ?? -1, spec.backoffLimit ?? 6,
            spec.backoffLimitPerIndex != nil || settings.isPerIndex ? 1 : 0, settings.yieldsPlace ? 1 : 0, Self.replacesOnlyFailed(spec),
            spec.template.spec.isScheduledElsewhere ? 1 : 0, terms.text, TopologySpread.required(terms).isEmpty ? 0 : 1, "\(job.share.stride)",
            job.share.priority,
            spec.template.spec.runtime.takesChunks || settings.runsInChunks ? 1 : 0, job.takesItems ? 1 : 0,
        ]
        var stored = job
        var reply = Reply([try await call("create_job", arguments)])
        stored.metadata.resourceVersion = try reply.text()
        return stored
    }

    /// The part of a Job that users write; status and resourceVersion are kept apart.
    static func object(_ job: Job) -> String {
        var value = job.value
        value["status"] = nil
        value["metadata"]?["resourceVersion"] = nil
        return value.encoded()
    }

    /// 1 if a pod that is being deleted keeps its item until it has ended (R46).
    private static func replacesOnlyFailed(_ spec: JobSpec) -> Int { spec.podReplacementPolicy == .failed || spec.podFailurePolicy != nil ? 1 : 0 }

    public func job(namespace: String, name: String) async throws(BrokerError) -> Job? {
        var reply = try await list("job", [namespace, name])
        return reply.isEmpty ? nil : try reply.job(jobCache)
    }

    public func jobs(namespace: String?) async throws(BrokerError) -> JobList {
        var found = JobList(jobs: [], resourceVersion: "")
        var place = ""
        repeat {
            var reply = try await list("jobs", [namespace ?? "", place, 200])
            let version = try reply.text()
            // The first page's: whoever watches from there on misses nothing.
            if found.resourceVersion.isEmpty { found.resourceVersion = version }
            place = try reply.text()
            while !reply.isEmpty { found.jobs.append(try reply.job(jobCache)) }
        } while !place.isEmpty
        return found
    }

    public func update(_ job: Job) async throws(BrokerError) -> Job {
        let spec = job.spec
        let arguments: [any RedisArgument] = [
            job.metadata.uid, job.metadata.resourceVersion, Self.object(job), spec.parallelism ?? 1, spec.suspend == true ? 1 : 0,
            spec.completions ?? -1, spec.backoffLimit ?? 6, Self.replacesOnlyFailed(spec),
            job.metadata.deletionTimestamp == nil ? 0 : job.metadata.finalizers.isEmpty ? 2 : 1,
            PlacementTerms(spec.template).text, "\(job.share.stride)", job.share.priority,
        ]
        var stored = job
        var reply = Reply([try await call("update_job", arguments)])
        stored.metadata.resourceVersion = try reply.text()
        return stored
    }

    public func updateStatus(_ job: Job) async throws(BrokerError) -> Job {
        var stored = job
        let arguments = [job.metadata.uid, job.metadata.resourceVersion, job.status.value.encoded(), Self.object(job)]
        var reply = Reply([try await call("update_status", arguments)])
        stored.metadata.resourceVersion = try reply.text()
        return stored
    }

    public func delete(uid: String) async throws(BrokerError) { _ = try await call("delete_job", [uid]) }

    public func orphan(uid: String, epoch: Int64) async throws(BrokerError) -> Bool { try await call("orphan", [uid, epoch]).int == 1 }
}

extension LedgerSettings {
    /// As stored.
    var value: Value {
        var members: [String: Value] = [
            "yieldsPlace": .bool(yieldsPlace), "ignoresDisruptions": .bool(ignoresDisruptions), "isPerIndex": .bool(isPerIndex),
            "runsInChunks": .bool(runsInChunks),
        ]
        if let retryDelay { members["retryDelay"] = .int(Int64(retryDelay)) }
        return .object(members)
    }

    init(_ value: Value) {
        self.init(
            yieldsPlace: value["yieldsPlace"]?.bool ?? false, retryDelay: value["retryDelay"]?.int,
            ignoresDisruptions: value["ignoresDisruptions"]?.bool ?? false, isPerIndex: value["isPerIndex"]?.bool ?? false,
            runsInChunks: value["runsInChunks"]?.bool ?? false)
    }
}
