import BatchAPI
import Broker

/// Events: equal ones are folded.
extension MemoryBroker {
    public func events(namespace: String?) async throws(BrokerError) -> [EventRecord] {
        eventRecords.values.filter { namespace == nil || $0.namespace == namespace }
            .sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }
    }

    public func event(namespace: String, name: String) async throws(BrokerError) -> EventRecord? {
        eventRecords.values.first { ($0.namespace, $0.name) == (namespace, name) }
    }

    /// Notes that something happened to a Job.
    func note(_ ledger: MemoryLedger, _ type: String, _ reason: String, _ message: String) {
        let key = [ledger.uid, type, reason, message], time = clock()
        if var known = eventRecords[key] {
            (known.count, known.last, known.resourceVersion) = (known.count + 1, time, nextVersion())
            eventRecords[key] = known
            return
        }
        let address = ledger.job.metadata
        eventRecords[key] = EventRecord(
            name: "\(address.name).\(eventRecords.count)", namespace: address.namespace, object: address.name, uid: address.uid, type: type,
            reason: reason, message: message, count: 1, first: time, last: time, resourceVersion: nextVersion())
        eventRecords = eventRecords.filter { time - $0.value.last < .seconds(3600) }
    }

    /// Notes that nobody takes a pod.
    private func noteUnschedulable(_ pod: PodRecord, _ namespace: String, _ message: String) {
        let key = [pod.uid, "Warning", "FailedScheduling", message], time = clock(), known = eventRecords[key]
        var event = EventRecord(
            name: known?.name ?? "\(pod.name).\(eventRecords.count)", namespace: namespace, object: pod.name, uid: pod.uid, type: "Warning",
            reason: "FailedScheduling", message: message, count: (known?.count ?? 0) + 1, first: known?.first ?? time, last: time,
            resourceVersion: nextVersion())
        event.kind = "Pod"
        eventRecords[key] = event
    }

    public func explain(uid: String, epoch: Int64, message: String, again: Duration, job: Bool) async throws(BrokerError) {
        guard epoch == leader.epoch else { throw BrokerError(.stale, "STALE another leads") }
        guard let ledger = ledgers[uid], job || !ledger.pending.isEmpty else { return }
        if job, !message.isEmpty { note(ledger, "Warning", "FailedScheduling", message) }
        var count = 0
        for token in ledger.pending.sorted().prefix(500) where ledger.pods[token].map({ $0.waits != message }) ?? false {
            count += 1
            ledger.pods[token]!.waits = message
            touchPod(ledger, token)
            if !message.isEmpty, count <= 25 { noteUnschedulable(ledger.pods[token]!, ledger.job.metadata.namespace, message) }
        }
        remind(uid, now + again.wholeMilliseconds)
    }

    /// About a pod of a Job; past 25 of them only every 64th is noted.
    func notePod(_ ledger: MemoryLedger, _ reason: String, _ message: String) {
        ledger.noted += 1
        if ledger.noted <= 25 || ledger.noted % 64 == 0 { note(ledger, "Normal", reason, message) }
    }
}
