import Broker
import Coordinator
import Glibc
import Logging
import Redis
import RedisBroker
import Worker

/// Leads until its standard input ends, then prints what its looks at Jobs have cost.
func lead(_ address: RedisAddress, backOff milliseconds: Int64) async {
    var logger = Logger(label: "lead") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .info
    let broker = RedisBroker(address: address, name: "lead", logger: logger)
    let meter = PassMeter(broker)
    var options = CoordinatorOptions(instance: "lead-\(getpid())", address: "")
    (options.policy.podFailureBackoffBase, options.policy.podFailureBackoffMax) = (milliseconds, milliseconds * 2)
    let work = Task { [options, logger] in await Coordinator(broker: meter, options: options, time: HostTime(), logger: logger).run() }
    await Task.detached { while getchar() != EOF {} }.value
    work.cancel()
    await work.value
    await broker.close()
    let (judging, others) = meter.sums
    let columns = [
        (judging.looks, 7), (judging.cpu / 1000 / max(judging.looks, 1), 8), (judging.time / 1000 / max(judging.looks, 1), 8),
        (judging.cpu / 1000 / max(judging.verdicts, 1), 10), (others.looks, 7), (others.cpu / 1000 / max(others.looks, 1), 8),
        (max(judging.widest, others.widest), 9), (Memory.peak, 4),
    ]
    print(columns.map { pad($0.0, $0.1) }.joined(separator: " "))
}

/// This process' memory.
enum Memory {
    /// Resident at its peak, in MiB.
    static var peak: Int {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return usage.ru_maxrss / 1024
    }
}

func pad(_ number: Int, _ width: Int) -> String {
    let text = "\(number)"
    return String(repeating: " ", count: max(0, width - text.count)) + text
}
