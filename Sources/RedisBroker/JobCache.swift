import BatchAPI
import Broker
import Synchronization

/// Jobs as they were last read, so that reading many again need not parse what has not changed. What is stored is compared byte by byte:
/// nothing stale is ever told. Bounded by the size of the JSON; what was not read lately goes first.
final class JobCache: Sendable {
    private struct Entry {
        var object: [UInt8]
        var status: [UInt8]
        var job: Job
    }

    private struct State {
        /// By resourceVersion.
        var recent: [String: Entry] = [:]
        var older: [String: Entry] = [:]
        /// Of `recent`.
        var bytes = 0
    }

    private let state = Mutex(State())
    /// In bytes of JSON; twice as much may be held.
    private let limit: Int

    init(limit: Int = 6 << 20) { self.limit = limit }

    /// The Job of what is stored; `parse` reads it if it is not known.
    func job(
        _ object: [UInt8], _ status: [UInt8], _ version: String, _ parse: () throws(BrokerError) -> Job
    ) throws(BrokerError) -> Job {
        let known = state.withLock { $0.recent[version] ?? $0.older[version] }
        if let known, known.object == object, known.status == status {
            keep(version, known)
            return known.job
        }
        let job = try parse()
        keep(version, Entry(object: object, status: status, job: job))
        return job
    }

    private func keep(_ version: String, _ entry: Entry) {
        state.withLock { state in
            let old = state.recent.updateValue(entry, forKey: version)
            state.bytes += entry.object.count + entry.status.count - (old.map { $0.object.count + $0.status.count } ?? 0)
            if state.bytes > limit { (state.older, state.recent, state.bytes) = (state.recent, [:], 0) }
        }
    }
}
