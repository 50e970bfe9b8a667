import Drover
import Glibc
import Logging

var logger: Logger {
    var logger = Logger(label: "bench")
    logger.logLevel = .error
    return logger
}

func work(_ redis: String, slots: Int) async throws {
    var configuration = DroverWorker.Configuration(redis: redis, slots: slots)
    // This Redis keeps nothing: there is nothing to wait for.
    (configuration.settling, configuration.lease) = (.zero, .seconds(3))
    let worker = try DroverWorker(configuration: configuration, logger: logger)
    worker.register("no-op") { _ in }
    // The item is when it was submitted: it comes to how long ago that is.
    worker.registerFunction("latency") { item in Int(item.text).map { String(Monotonic.nanoseconds - $0) } }
    try await worker.run()
}

/// No-op indexes: items per second from submit to the end, as the client sees it.
func indexes(_ redis: String, count: Int, rounds: Int) async throws {
    let client = try DroverClient(redis: redis, logger: logger)
    var rates: [Double] = []
    for round in 1...rounds {
        let clock = ContinuousClock(), start = clock.now
        let job = try await client.submit(HandlerJob(name: "indexes-\(getpid())-\(round)", handler: "no-op", items: count))
        let submitted = clock.now - start
        let end = try await job.wait()
        let took = clock.now - start
        guard end.outcome == .complete, end.succeeded == count else { return print("round \(round): \(end)") }
        rates.append(Double(count) / (took / .seconds(1)))
        print("round \(round): \(count) items in \(took / .milliseconds(1)) ms, submitted in \(submitted / .milliseconds(1)) ms: \(Int(rates.last!)) items/s")
        try await job.delete()
    }
    show("indexes", &rates)
    await client.close()
}

/// Payload items of 64 bytes: the rate of the push alone, then the rate of running what was pushed, then both at once.
func payloads(_ redis: String, count: Int, rounds: Int) async throws {
    let client = try DroverClient(redis: redis, logger: logger), clock = ContinuousClock()
    let payload = [UInt8](repeating: UInt8(ascii: "x"), count: 64)
    var rates: [Double] = [], pushes: [Double] = []
    for round in 1...rounds {
        var description = HandlerJob(name: "payloads-\(getpid())-\(round)", handler: "no-op")
        // Nothing runs before all is pushed.
        description.isSuspended = true
        let job = try await client.submit(description)
        var pusher = try await job.pusher()
        let pushing = try await clock.measure {
            for _ in 0..<count { try await pusher.push(payload) }
            try await pusher.close()
        }
        let start = clock.now
        try await job.resume()
        let end = try await job.wait()
        let took = clock.now - start
        guard end.outcome == .complete, end.succeeded == count else { return print("round \(round): \(end)") }
        pushes.append(Double(count) / (pushing / .seconds(1)))
        rates.append(Double(count) / (took / .seconds(1)))
        print("round \(round): \(count) items of 64 bytes pushed at \(Int(pushes.last!))/s, run at \(Int(rates.last!))/s")
        try await job.delete()
    }
    show("push", &pushes)
    show("run", &rates)
    await client.close()
}

func show(_ what: String, _ rates: inout [Double]) {
    rates.sort()
    print("\(what): median \(Int(rates[rates.count / 2])) items/s, \(Int(rates[0]))..\(Int(rates.last!))")
}
