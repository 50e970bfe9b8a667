import BatchAPI
import Broker

/// The pods of a namespace that are a Job's by its selector, or by their own words (R3), and what must be mended then (R16).
struct PodAdoption {
    let broker: any Broker
    let epoch: Int64
    let job: Job
    /// So many extra attempts a Job has at most.
    private static let limit = 500

    /// Takes what is the Job's.
    /// - Returns: whether there was any.
    func run() async throws(BrokerError) -> Bool {
        var taken = 0
        for (holder, pod) in try await broker.strays(namespace: job.metadata.namespace) where taken < Self.limit {
            let metadata = PodForm.metadata(holder, pod)
            let controller = metadata.ownerReferences.first { $0["controller"]?.bool == true }
            if controller?["uid"]?.string == job.metadata.uid {
                taken += try await adopt(pod, of: holder, metadata, isTracked: !pod.isCounted) ? 1 : 0
            } else if controller == nil, pod.deletion == nil, isSelected(metadata.labels) {
                taken += try await adopt(pod, of: holder, metadata, isTracked: true) ? 1 : 0
            }
        }
        return taken > 0
    }

    /// An empty selector selects none here: it would take every pod there is.
    private func isSelected(_ labels: [String: String]) -> Bool {
        guard let selector = job.spec.selector.flatMap({ LabelSelector($0) }), !selector.requirements.isEmpty else { return false }
        return selector.matches(labels)
    }

    private func adopt(_ pod: PodRecord, of holder: Job, _ metadata: ObjectMeta, isTracked: Bool) async throws(BrokerError) -> Bool {
        var metadata = metadata
        metadata.ownerReferences.removeAll { $0["uid"]?.string == job.metadata.uid }
        metadata.ownerReferences.append(PodForm.owner(job))
        var adoption = Adoption(
            job: job.metadata.uid, holder: holder.metadata.uid, token: pod.token,
            index: job.spec.isIndexed ? PodAnnotations.index(metadata.annotations) : nil, isTracked: isTracked,
            metadata: PodForm.edits(metadata), spec: PodForm.spec(holder, pod))
        adoption.failures = PodAnnotations.count(metadata.annotations[PodForm.failureCount])
        adoption.ignores = PodAnnotations.count(metadata.annotations[PodForm.ignoredCount])
        return try await broker.adopt(adoption, epoch: epoch)
    }

    /// Takes the tracking finalizer off pods that came too late to count (R26).
    func clean() async throws(BrokerError) {
        for (holder, pod) in try await broker.strays(namespace: job.metadata.namespace) where !pod.isCounted {
            let owners = PodForm.metadata(holder, pod).ownerReferences
            guard owners.contains(where: { $0["controller"]?.bool == true && $0["uid"]?.string == job.metadata.uid }) else { continue }
            var write = PodWrite(job: holder.metadata.uid, token: pod.token)
            write.untracks = true
            _ = try await broker.write(write)
        }
    }

    /// Of several live attempts at an index one stays, and none without a valid index (R16).
    /// - Returns: whether some were deleted.
    func mend() async throws(BrokerError) -> Bool {
        guard job.spec.isIndexed, let completions = job.spec.completions else { return false }
        let live = try await broker.pods(uid: job.metadata.uid).filter { $0.isLive && $0.deletion == nil && !$0.isDisowned }
        var surplus: [Surplus] = []
        for (index, pods) in Dictionary(grouping: live, by: { $0.index.map { $0 < completions ? $0 : -1 } ?? -1 }).sorted(by: { $0.key < $1.key }) {
            // The last to be deleted is the most advanced.
            let order = pods.sorted { Self.goesFirst($0, $1) }
            let heir = index < 0 ? nil : order.last?.token
            surplus += (index < 0 ? order[...] : order.dropLast()).map { Surplus(token: $0.token, heir: heir) }
        }
        if surplus.isEmpty { return false }
        try await broker.discard(uid: job.metadata.uid, epoch: epoch, Array(surplus.prefix(Self.limit)))
        return true
    }

    /// R11.
    private static func goesFirst(_ one: PodRecord, _ other: PodRecord) -> Bool {
        func key(_ pod: PodRecord) -> [Int64] {
            [pod.node.isEmpty ? 0 : 1, pod.phase == "Running" ? 1 : 0, pod.isRunning ? 1 : 0, -Int64(pod.restarts), -pod.created.milliseconds, -pod.token]
        }
        return key(one).lexicographicallyPrecedes(key(other))
    }
}
