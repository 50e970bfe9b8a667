import BatchAPI
import Broker

/// Jobs as objects: CreateJob, UpdateJob, DeleteJob, Read.
extension MemoryBroker {
    public func create(_ job: Job, settings: LedgerSettings) async throws(BrokerError) -> Job {
        let path = MemoryPath(namespace: job.metadata.namespace, name: job.metadata.name)
        if let uid = paths[path] {
            if uid == job.metadata.uid, let known = ledgers[uid] { return merged(job, known) }
            throw BrokerError(.alreadyExists, "EXISTS the name is taken")
        }
        var stored = job
        stored.status = JobStatus()
        let ledger = MemoryLedger(stored, settings)
        touch(ledger)
        ledgers[ledger.uid] = ledger
        paths[path] = ledger.uid
        remind(ledger.uid, 0)
        return merged(job, ledger)
    }

    /// What the caller sent, with the version it has now.
    private func merged(_ job: Job, _ ledger: MemoryLedger) -> Job {
        var job = job
        job.metadata.resourceVersion = ledger.job.metadata.resourceVersion
        return job
    }

    public func job(namespace: String, name: String) async throws(BrokerError) -> Job? {
        paths[MemoryPath(namespace: namespace, name: name)].flatMap { ledgers[$0]?.job }
    }

    public func jobs(namespace: String?) async throws(BrokerError) -> JobList {
        let found = paths.filter { namespace == nil || $0.key.namespace == namespace }.sorted { $0.key < $1.key }
        return JobList(jobs: found.compactMap { ledgers[$0.value]?.job }, resourceVersion: String(version))
    }

    public func update(_ job: Job) async throws(BrokerError) -> Job {
        guard let ledger = ledgers[job.metadata.uid], !ledger.isDeleted else { throw BrokerError(.notFound, "GONE no such job") }
        var edited = job
        edited.status = ledger.job.status
        if ledger.job.metadata.resourceVersion != job.metadata.resourceVersion {
            edited.metadata.resourceVersion = ledger.job.metadata.resourceVersion
            if edited == ledger.job { return merged(job, ledger) }
            throw BrokerError(.conflict, "CONFLICT the job was modified")
        }
        let spec = job.spec
        if spec.completions != ledger.completions, (spec.completions ?? -1) < ledger.cursor {
            throw BrokerError(.unusable, "UNUSABLE completions can not be lowered so far")
        }
        ledger.job = edited
        touch(ledger)
        (ledger.completions, ledger.limit) = (spec.completions, spec.backoffLimit ?? 6)
        ledger.replacesOnlyFailed = MemoryLedger.replacesOnlyFailed(spec)
        ledger.permits = min(ledger.permits, spec.parallelism ?? 1)
        if spec.suspend == true, ledger.gate.isEmpty { ledger.gate = "Suspended" }
        ledger.version += 1
        remind(ledger.uid, 0)
        return merged(job, ledger)
    }

    public func delete(uid: String) async throws(BrokerError) {
        guard let ledger = ledgers[uid], !ledger.isDeleted else { return }
        touch(ledger)
        paths[MemoryPath(namespace: ledger.job.metadata.namespace, name: ledger.job.metadata.name)] = nil
        runnable.removeAll { $0.uid == uid }
        (ledger.isDeleted, ledger.isListed, ledger.gate, ledger.needsSweep, ledger.cut) = (true, false, "Deleted", true, ledger.token)
        ledger.terminating += ledger.active
        (ledger.active, ledger.ready, ledger.restarts) = (0, 0, 0)
        ledger.version += 1
        remind(uid, 0)
    }

    public func pods(uid: String) async throws(BrokerError) -> [PodRecord] {
        (ledgers[uid]?.pods ?? [:]).values.sorted { $0.token < $1.token }
    }

    public func pod(namespace: String, name: String) async throws(BrokerError) -> (job: Job, pod: PodRecord)? {
        for ledger in ledgers.values where ledger.job.metadata.namespace == namespace {
            if let pod = ledger.pods.values.first(where: { $0.name == name }) { return (ledger.job, pod) }
        }
        return nil
    }
}
