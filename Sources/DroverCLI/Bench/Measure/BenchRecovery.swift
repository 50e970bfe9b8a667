import BatchAPI
import Drover

/// Kills a worker in the middle of a Job, starts another one, and looks how soon its items are done.
struct BenchRecovery {
    let job: SubmittedJob
    let total: Int
    let system: BenchSystem

    private static let interval = Duration.milliseconds(20)

    /// Seconds from the kill.
    /// - Returns: until the store had given the dead worker's items up, and until others had done them; nil where the Job was over before.
    func run(_ fleet: inout BenchFleet) async throws -> (free: Double?, recovered: Double?) {
        guard try await wait({ $0.succeeded >= total / 3 }) else { return (nil, nil) }
        let name = await fleet.killOne(), start = ContinuousClock.now
        try fleet.add()
        var free: Double?
        if try await job.progress().outcome != nil { return (nil, nil) }
        let isFree = try await wait { _ in try await !system.broker.nodes().contains { $0.name == name } }
        if isFree { free = (ContinuousClock.now - start) / .seconds(1) }
        // The oldest item that is not done is one of the dead worker's: others have gone on.
        let missing = Self.firstMissing(try await job.progress().completedIndexes)
        _ = try await wait { Self.firstMissing($0.completedIndexes) > missing }
        return (free, (ContinuousClock.now - start) / .seconds(1))
    }

    /// Until something holds.
    /// - Returns: false if the Job ended before.
    private func wait(_ condition: (JobProgress) async throws -> Bool) async throws -> Bool {
        let end = ContinuousClock.now + system.settings.limit
        while ContinuousClock.now < end {
            let progress = try await job.progress()
            if try await condition(progress) { return true }
            if progress.outcome != nil { return false }
            try await Task.sleep(for: Self.interval)
        }
        return false
    }

    /// Of an index text such as `0-7,9`: 8.
    static func firstMissing(_ text: String) -> Int {
        guard let first = text.split(separator: ",").first else { return 0 }
        let ends = first.split(separator: "-").compactMap { Int($0) }
        return ends.first == 0 ? ends[ends.count - 1] + 1 : 0
    }
}
