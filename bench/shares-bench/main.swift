import BatchAPI
import Broker
import Coordinator
import Glibc
import Logging
import Redis
import RedisBroker
import Worker

// Many Jobs at once, driven through the ledger without a process, with a leader in this program: 100 Jobs of the weights 1 to 100 until so
// many items are granted, and how far each one's share is from its weight's; then Jobs of 10 items, each submitted behind one of 10^6 that
// keeps 64 slots busy, and how long until the first of them starts. Arguments: address, grants. Exit status 1 where a share is 10 % off or
// a start takes more than 100 ms.

guard CommandLine.arguments.count >= 2, let address = try? RedisAddress(CommandLine.arguments[1]) else {
    print("usage: shares-bench URL [GRANTS]")
    exit(2)
}
var logger = Logger(label: "bench")
logger.logLevel = .error
let broker = RedisBroker(address: address, name: "bench", logger: logger)
let leading = RedisBroker(address: address, name: "lead", logger: logger)
let leader = Task { [logger] in
    await Coordinator(broker: leading, options: CoordinatorOptions(instance: "bench-\(getpid())", address: ""), time: HostTime(), logger: logger).run()
}
do {
    let bench = Bench(broker: broker)
    try await bench.register()
    let areEven = try await bench.shares(grants: CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 200_000)
    let areSoon = try await bench.starts(rounds: 20)
    leader.cancel()
    await leader.value
    await leading.close()
    await broker.close()
    exit(areEven && areSoon ? 0 : 1)
} catch {
    print("shares-bench: \(error)")
    exit(1)
}
