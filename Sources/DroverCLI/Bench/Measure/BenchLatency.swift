import BatchAPI
import Drover
import Redis

/// From the submit of an item to the start of its handler on an idle system, beside what Redis alone needs to wake somebody who then makes
/// one call.
struct BenchLatency {
    let system: BenchSystem
    let point: BenchPoint
    let samples: Int

    /// Long enough for the system to be idle again.
    private static let pause = Duration.milliseconds(3)
    private static let patience = Duration.seconds(60)

    func run() async throws -> LatencyFigures {
        var figures = LatencyFigures()
        figures.raw = try await raw()
        try await items(&figures)
        return figures
    }

    private func items(_ figures: inout LatencyFigures) async throws {
        let work = BenchJob.Work.handler(BenchWorkload.latencyHandler(system.mark))
        let job = try await system.submit(BenchJob(work, items: nil, parallelism: point.parallelism))
        var pusher = try await job.pusher()
        // The first ones find nothing warm.
        for _ in 0..<10 { try await push(&pusher) }
        try await Task.sleep(for: .milliseconds(200))
        let before = try await system.usage().calls
        for _ in 0..<samples { try await push(&pusher) }
        figures.calls = Double(try await system.usage().calls - before) / Double(samples)
        try await pusher.close()
        let results = try await collected(job)
        for (index, text) in results where index >= 10 { if let nanoseconds = Int(text) { figures.items.record(nanoseconds: nanoseconds) } }
        guard figures.items.count == samples else { throw BenchError("of \(samples) items that were timed \(figures.items.count) have come back") }
        try await system.delete(job)
    }

    private func push(_ pusher: inout ItemPusher) async throws {
        try await pusher.push(String(Monotonic.nanoseconds))
        try await pusher.flush()
        try await Task.sleep(for: Self.pause)
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

    private func raw() async throws -> Latencies {
        let address = try RedisAddress(system.url), key = "drover:bench:" + system.mark
        let pushing = RedisConnection(address: address), waiting = RedisBlockingConnection(address: address), calling = RedisConnection(address: address)
        let sleeper = Task {
            var latencies = Latencies()
            while latencies.count < samples {
                let reply = try await waiting.call(RedisCommand("BLPOP", key, 5), timeout: .seconds(5))
                guard let sent = reply.array?.last?.int else { break }
                _ = try await calling.call(RedisCommand(function: "drover1_checksum", keys: [], arguments: []))
                latencies.record(nanoseconds: Monotonic.nanoseconds - sent)
            }
            return latencies
        }
        do {
            for _ in 0..<samples {
                _ = try await pushing.call(RedisCommand("RPUSH", key, Monotonic.nanoseconds))
                try await Task.sleep(for: Self.pause)
            }
        } catch { sleeper.cancel() }
        let latencies = await sleeper.result
        _ = try? await pushing.call(RedisCommand("DEL", key))
        for connection in [pushing, calling] { await connection.close() }
        await waiting.close()
        return try latencies.get()
    }
}
