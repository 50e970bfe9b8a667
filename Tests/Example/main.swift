import Drover
import Logging
import ServiceLifecycle

// A program that runs items, and one that submits them. Start as many workers as you like, on as many hosts.
//
//     handler-example worker REDIS_URL
//     handler-example count REDIS_URL NAME ITEMS      items are numbers
//     handler-example greet REDIS_URL NAME WHO...     items have payloads, and come to something
//     handler-example crowd REDIS_URL NAME WHO...     the same, each pushed by somebody else

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count > 1 else { fatalError("usage: handler-example worker|count|greet|crowd REDIS_URL [NAME [ITEMS|WHO...]]") }
let logger = Logger(label: "example")

switch arguments[0] {
case "worker":
    let worker = try DroverWorker(configuration: .init(redis: arguments[1]), logger: logger)
    worker.register("count-primes") { item in
        let count = (item.index * 10..<item.index * 10 + 10).count { isPrime($0) }
        if count > 4 { throw ItemError("\(count) primes in a row of ten") }
    }
    worker.registerFunction("greet") { item in item.text.isEmpty ? nil : "Hello, \(item.text)!" }
    let group = ServiceGroup(configuration: .init(services: [worker], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
case "count":
    let client = try DroverClient(redis: arguments[1], logger: logger)
    let job = try await client.submit(HandlerJob(name: arguments[2], handler: "count-primes", items: Int(arguments[3]) ?? 1))
    print(try await job.wait())
    await client.close()
case "crowd":
    let client = try DroverClient(redis: arguments[1], logger: logger)
    let job = try await client.submit(HandlerJob(name: arguments[2], handler: "greet"))
    try await withThrowingTaskGroup(of: Void.self) { crowd in
        for who in arguments.dropFirst(3) {
            crowd.addTask {
                var pusher = try await job.pusher(shared: true)
                try await pusher.push(who)
                try await pusher.flush()
            }
        }
        try await crowd.waitForAll()
    }
    var last = try await job.pusher(shared: true)
    try await last.close()
    for try await result in job.results() { print(result.text) }
    await client.close()
default:
    let client = try DroverClient(redis: arguments[1], logger: logger)
    let job = try await client.submit(HandlerJob(name: arguments[2], handler: "greet"))
    var pusher = try await job.pusher()
    for who in arguments.dropFirst(3) { try await pusher.push(who) }
    try await pusher.close()
    for try await result in job.results() { print("\(result.index): \(result.text)") }
    print(try await job.wait())
    await client.close()
}
