import Drover
import Glibc
import Redis

/// From the submit of an item to the start of its handler, on an idle system, beside what Redis alone needs to wake somebody who then makes
/// one call.
func latency(_ redis: String, count: Int) async throws {
    let address = try RedisAddress(redis)
    for round in 1...3 {
        let raw = try await rawLatency(address, count: count), items = try await itemLatency(redis, count: count, round: round)
        let ratios = [0.5, 0.99].map { (Double(items.percentile($0)) / Double(raw.percentile($0)) * 100).rounded() / 100 }
        print(
            "round \(round): item to handler p50 \(items.percentile(0.5)) us, p99 \(items.percentile(0.99)) us; BLPOP and one FCALL p50 \(raw.percentile(0.5)) us, "
                + "p99 \(raw.percentile(0.99)) us; ratios \(ratios[0]), \(ratios[1])")
    }
}

private func itemLatency(_ redis: String, count: Int, round: Int) async throws -> [Int] {
    let client = try DroverClient(redis: redis, logger: logger)
    let job = try await client.submit(HandlerJob(name: "latency-\(getpid())-\(round)", handler: "latency"))
    var pusher = try await job.pusher()
    try await Task.sleep(for: .milliseconds(500))
    for _ in 0..<count {
        try await pusher.push(String(Monotonic.nanoseconds))
        try await pusher.flush()
        try await Task.sleep(for: .milliseconds(3))
    }
    try await pusher.close()
    var latencies: [Int] = []
    for try await result in job.results() { if let nanoseconds = Int(result.text) { latencies.append(nanoseconds / 1000) } }
    await client.close()
    return latencies.sorted()
}

private func rawLatency(_ address: RedisAddress, count: Int) async throws -> [Int] {
    let pushing = RedisConnection(address: address), waiting = RedisBlockingConnection(address: address), calling = RedisConnection(address: address)
    let library = RedisFunctionLibrary(
        name: "latency", version: 1, source: "#!lua name=latency\nredis.register_function('latency_nothing', function() return 1 end)\n")
    let sleeper = Task {
        var latencies: [Int] = []
        while latencies.count < count {
            let reply = try await waiting.call(RedisCommand("BLPOP", "latency", 5), timeout: .seconds(5))
            guard let sent = reply.array?.last?.int else { break }
            _ = try await calling.callFunction("latency_nothing", library: library)
            latencies.append((Monotonic.nanoseconds - sent) / 1000)
        }
        return latencies
    }
    for _ in 0..<count {
        _ = try await pushing.call(RedisCommand("RPUSH", "latency", Monotonic.nanoseconds))
        try await Task.sleep(for: .milliseconds(3))
    }
    let latencies = try await sleeper.value
    await pushing.close()
    await waiting.close()
    await calling.close()
    return latencies.sorted()
}

extension [Int] {
    /// Of sorted numbers.
    fileprivate func percentile(_ part: Double) -> Int { isEmpty ? 0 : self[Swift.min(count - 1, Int(Double(count) * part))] }
}

/// Monotonic time.
enum Monotonic {
    static var nanoseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
