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
        use(ledger.placement)
        ledger.isSpread = !TopologySpread.required(PlacementTerms(job.spec.template)).isEmpty
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
        guard ledger.job.metadata.resourceVersion == job.metadata.resourceVersion else {
            throw BrokerError(.conflict, "CONFLICT the job was modified")
        }
        let spec = job.spec, isDeleting = job.metadata.deletionTimestamp != nil
        if isDeleting, job.metadata.finalizers.isEmpty {
            remove(ledger)
            return merged(job, ledger)
        }
        ledger.job = edited
        touch(ledger)
        if !ledger.takesItems, let completions = spec.completions, completions < ledger.completions ?? 0 { shrink(ledger, completions) }
        if !ledger.takesItems { ledger.completions = spec.completions }
        ledger.limit = spec.backoffLimit ?? 6
        ledger.replacesOnlyFailed = MemoryLedger.replacesOnlyFailed(spec)
        ledger.permits = min(ledger.permits, spec.parallelism ?? 1)
        let letsStart = ledger.gate.isEmpty || ledger.gate == "WorkQueueDraining"
        if spec.suspend == true, letsStart { ledger.gate = "Suspended" }
        if isDeleting, letsStart { ledger.gate = "Deleting" }
        changeTurn(ledger, PlacementTerms(spec.template).text, job.share)
        ledger.version += 1
        remind(ledger.uid, 0)
        return merged(job, ledger)
    }

    public func updateStatus(_ job: Job) async throws(BrokerError) -> Job {
        guard let ledger = ledgers[job.metadata.uid], !ledger.isDeleted else { throw BrokerError(.notFound, "GONE no such job") }
        guard ledger.job.metadata.resourceVersion == job.metadata.resourceVersion else {
            throw BrokerError(.conflict, "CONFLICT the job was modified")
        }
        if ledger.job.status == job.status { return merged(job, ledger) }
        (ledger.job.status, ledger.job.metadata.managedFields) = (job.status, job.metadata.managedFields)
        touch(ledger)
        ledger.version += 1
        lookSoon(ledger)
        return merged(job, ledger)
    }

    /// Indexes from `count` on are cut off (R21).
    private func shrink(_ ledger: MemoryLedger, _ count: Int) {
        ledger.completions = count
        let kept = { (set: IndexRanges) in
            IndexRanges(ranges: set.ranges.filter { $0.lowerBound < count }.map { $0.lowerBound...min($0.upperBound, count - 1) })
        }
        (ledger.done, ledger.bad) = (kept(ledger.done), kept(ledger.bad))
        (ledger.succeeded, ledger.cursor, ledger.watermark) = (ledger.done.count, min(ledger.cursor, count), min(ledger.watermark, count))
        let ready = ledger.readyRanges
        ledger.readyRanges = []
        for range in ready { ledger.makeReady(range) }
        ledger.waiting = ledger.waiting.filter { $0.key < count }
        (ledger.fails, ledger.ignores) = (ledger.fails.filter { $0.key < count }, ledger.ignores.filter { $0.key < count })
        for (index, late) in ledger.late where index >= count {
            ledger.late[index] = nil
            ledger.lateCounted -= late.counted
            untrack(ledger, late.token)
        }
        for token in ledger.held.keys.sorted() where (ledger.pods[token]?.index ?? -1) >= count && !ledger.extraTokens.contains(token) {
            ledger.held[token] = nil
            ledger.undecided -= 1
            untrack(ledger, token)
        }
        ledger.shrunk = min(ledger.shrunk ?? count, count)
        ledger.needsSweep = true
    }

    public func delete(uid: String) async throws(BrokerError) {
        guard let ledger = ledgers[uid], !ledger.isDeleted else { return }
        remove(ledger)
    }

    private func remove(_ ledger: MemoryLedger) {
        touch(ledger)
        paths[MemoryPath(namespace: ledger.job.metadata.namespace, name: ledger.job.metadata.name)] = nil
        unlist(ledger)
        (ledger.isDeleted, ledger.gate, ledger.needsSweep) = (true, "Deleted", true)
        if !ledger.isOrphaned {
            ledger.cut = newestToken(ledger)
            ledger.terminating += ledger.active
            (ledger.active, ledger.ready, ledger.restarts) = (0, 0, 0)
        }
        ledger.version += 1
        remind(ledger.uid, 0)
        // Pods that nobody runs yet go on without it.
        if ledger.isOrphaned { offer(ledger) }
    }

    public func orphan(uid: String, epoch: Int64) async throws(BrokerError) -> Bool {
        guard epoch == leader.epoch else { throw BrokerError(.stale, "STALE another leads") }
        guard let ledger = ledgers[uid] else { return false }
        if !ledger.isOrphaned { (ledger.isOrphaned, ledger.isBlind, ledger.version) = (true, true, ledger.version + 1) }
        for token in ledger.pods.keys.sorted() {
            (ledger.pods[token]!.isCounted, ledger.pods[token]!.isDisowned) = (true, true)
            touchPod(ledger, token)
            strays[ledger.job.metadata.namespace, default: []].insert(MemoryStray(job: uid, token: token))
        }
        return false
    }
}
