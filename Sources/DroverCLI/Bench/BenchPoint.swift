/// One combination of a sweep.
struct BenchPoint: Sendable, Hashable {
    var workload: BenchWorkload
    /// Bytes that are pushed with each item; 0: items are indexes.
    var payload: Int
    /// The most items of one lease; nil: as many as the worker likes.
    var batch: Int?
    /// Worker processes.
    var workers: Int
    /// Of each worker.
    var slots: Int
    /// Slots of all workers that may work at a time.
    var parallelism: Int

    /// Slots that work at a time.
    var lanes: Int { min(workers * slots, parallelism) }

    /// In short, for people.
    var text: String {
        var parts = ["\(workload.rawValue) \(workers)x\(slots)"]
        if parallelism != workers * slots { parts.append("parallelism \(parallelism)") }
        if payload > 0 { parts.append("payload \(payload)") }
        if let batch { parts.append("batch \(batch)") }
        return parts.joined(separator: ", ")
    }
}

/// The values that a sweep goes through.
struct BenchSweep: Sendable {
    var workloads: [BenchWorkload] = [.nothing]
    var payloads = [0]
    /// Empty: as the workers like.
    var batches: [Int] = []
    var workers = [2]
    var slots = [1]
    /// Empty: as many as there are slots.
    var parallelism: [Int] = []

    /// All combinations; those that share worker processes stand together.
    var points: [BenchPoint] {
        var points: [BenchPoint] = []
        for workers in workers {
            for slots in slots {
                for batch in batches.isEmpty ? [nil] : batches.map(Optional.some) {
                    for workload in workloads {
                        for parallelism in parallelism.isEmpty ? [workers * slots] : parallelism {
                            points += payloads.map {
                                BenchPoint(
                                    workload: workload, payload: $0, batch: batch, workers: workers, slots: slots, parallelism: parallelism)
                            }
                        }
                    }
                }
            }
        }
        return points
    }
}
