import BatchAPI
import Drover
import Redis

/// From the submit of an item to the start of its handler on an idle system, beside what Redis alone needs to wake somebody who then makes
/// one call: by turns, so that noise hits both alike.
struct BenchLatency {
    let system: BenchSystem
    let point: BenchPoint
    let samples: Int

    /// Long enough for the system to be idle again.
    private static let pause = Duration.milliseconds(3)
    private static let patience = Duration.seconds(60)
    /// The first ones find nothing warm.
    private static let warming = 10

    func run() async throws -> LatencyFigures {
        let raw = try RawWakeUp(system)
        do {
            let figures = try await run(raw)
            await raw.close()
            return figures
        } catch {
            await raw.close()
            throw error
        }
    }

    private func run(_ raw: RawWakeUp) async throws -> LatencyFigures {
        var figures = LatencyFigures()
        let work = BenchJob.Work.handler(BenchWorkload.latencyHandler(system.mark))
        let job = try await system.submit(BenchJob(work, items: nil, parallelism: point.parallelism))
        var pusher = try await job.pusher(), before = 0
        for number in 0..<Self.warming + samples {
            if number == Self.warming { before = try await system.usage().calls }
            let nanoseconds = try await raw.once()
            if number >= Self.warming { figures.raw.record(nanoseconds: nanoseconds) }
            try await Task.sleep(for: Self.pause)
            try await pusher.push(String(Monotonic.nanoseconds))
            try await pusher.flush()
            try await Task.sleep(for: Self.pause)
        }
        figures.calls = Double(try await system.usage().calls - before) / Double(samples) - RawWakeUp.calls
        try await pusher.close()
        for (index, text) in try await collected(job) where index >= Self.warming {
            if let nanoseconds = Int(text) { figures.items.record(nanoseconds: nanoseconds) }
        }
        guard figures.items.count == samples else { throw BenchError("of \(samples) items that were timed \(figures.items.count) have come back") }
        try await system.delete(job)
        return figures
    }

    private func collected(_ job: SubmittedJob) async throws -> [(Int, String)] {
        try await withThrowingTaskGroup(of: [(Int, String)].self) { group in
            group.addTask {
                var results: [(Int, String)] = []
                for try await result in job.results() { results.append((result.index, result.text)) }
                return results
            }
            group.addTask {
                try await Task.sleep(for: Self.patience)
                throw BenchError("the items that were timed did not end within \(Self.patience)")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }
}

/// A push to a list that somebody waits at, who then makes one call.
private struct RawWakeUp {
    private let key: String
    private let pushing: RedisConnection
    private let waiting: RedisBlockingConnection
    private let calling: RedisConnection

    /// Of those that `RedisUsage` counts.
    static let calls = 2.0
    private static let patience = Duration.seconds(5)

    init(_ system: BenchSystem) throws {
        let address = try RedisAddress(system.url)
        (pushing, waiting, calling) = (RedisConnection(address: address), RedisBlockingConnection(address: address), RedisConnection(address: address))
        key = "drover:bench:" + system.mark
    }

    /// - Returns: ns from the push to the end of the call.
    func once() async throws -> Int {
        async let end = wait()
        // Until it waits.
        try await Task.sleep(for: .milliseconds(1))
        let start = Monotonic.nanoseconds
        _ = try await pushing.call(RedisCommand("RPUSH", key, 1))
        return try await end - start
    }

    private func wait() async throws -> Int {
        _ = try await waiting.call(RedisCommand("BLPOP", key, 5), timeout: Self.patience)
        _ = try await calling.call(RedisCommand(function: "drover1_checksum", keys: [], arguments: []))
        return Monotonic.nanoseconds
    }

    func close() async {
        _ = try? await pushing.call(RedisCommand("DEL", key))
        await pushing.close()
        await waiting.close()
        await calling.close()
    }
}
