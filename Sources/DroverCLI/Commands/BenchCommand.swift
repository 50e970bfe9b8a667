import ArgumentParser
import Glibc
import Redis

/// `drover bench`: how fast this is, here.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure throughput, latency, cost per item and recovery; try out ways to cut work into items.",
        discussion: """
            drover bench                                              no-op items by two worker processes
            drover bench --payload 64 --aof everysec                  each item with 64 bytes of its own
            drover bench --workload sleep --workers 1,2,4 --slots 16  a sweep
            drover bench --items 100M --rounds 1 --kill

            Flags that are marked * may name several values, with commas between: all combinations are measured, round by round. Workers are \
            processes of their own, of this program. Without --redis all runs on a private redis-server. Items are leased as many at a time as make \
            about 100 ms of work. Exit status: 0 every count was exact, 1 one was not, 2 wrong usage, 3 Redis out of reach, 130 interrupted.
            """)

    @Option(help: ArgumentHelp("*What an item does: no-op, sleep, cpu, process (a pod with /bin/true) or stream.", valueName: "names"))
    var workload = "no-op"

    @Option(help: ArgumentHelp("Items of each round, as 500, 10k or 100M; enough for some seconds by default.", valueName: "n"))
    var items: String?

    @Option(help: ArgumentHelp("*Worker processes.", valueName: "n"))
    var workers = "2"

    @Option(help: ArgumentHelp("*Slots of each worker.", valueName: "n"))
    var slots = "1"

    @Option(help: ArgumentHelp("*Slots that work at a time, of all workers; all by default.", valueName: "n"))
    var parallelism: String?

    @Option(help: ArgumentHelp("*Bytes of each item; 0: it is a number only.", valueName: "bytes"))
    var payload = "0"

    @Option(help: ArgumentHelp("*The most items of one lease.", valueName: "n"))
    var batch: String?

    @Option(help: ArgumentHelp("Rounds of each combination.", valueName: "n"))
    var rounds = 5

    @Option(help: "A round that is not done after this long is cut. (default: 120s)")
    var duration: DurationArgument?

    @Option(help: "How long a sleep item sleeps.")
    var sleep = DurationArgument(.milliseconds(10))

    @Option(help: "How long a cpu item keeps a core busy.")
    var cpuTime = DurationArgument(.milliseconds(1))

    @Option(help: ArgumentHelp("What stream items go to, for sh; a few lines of Python by default.", valueName: "command"))
    var streamCommand: String?

    @Option(help: ArgumentHelp("Items that are timed one by one in each round of no-op; 0: none.", valueName: "n"))
    var latencySamples = 500

    @Flag(help: "Also kills (-9) a worker in the middle of a further round, and looks how soon its items are done.")
    var kill = false

    @Option(help: ArgumentHelp("The Redis to use: redis://[user:password@]host[:port][/db] or unix:///path.", valueName: "url"))
    var redis: String?

    @Option(help: ArgumentHelp("What the private Redis keeps on disk: off, everysec or always.", valueName: "mode"))
    var aof = "off"

    @Option(help: "After this long without a sign of life a worker's items are given to others; at least 3s.")
    var lease = DurationArgument(.seconds(3))

    @Flag(help: "Prints lines of JSON instead of tables.")
    var json = false

    @Option(help: "auto, plain, json or none.")
    var progress = ProgressMode.auto

    private static let mostRuns = 10_000

    func validate() throws {
        let runs = try sweep().points.count * rounds
        if !(1...1000).contains(rounds) { throw ValidationError("--rounds \(rounds): must be from 1 to 1000") }
        if runs > Self.mostRuns { throw ValidationError("--rounds \(rounds): these are \(runs) rounds in all, more than \(Self.mostRuns)") }
        _ = try settings()
    }

    func sweep() throws(ValidationError) -> BenchSweep {
        var sweep = BenchSweep()
        sweep.workloads = try SweepArgument.workloads(workload, "--workload")
        sweep.workers = try SweepArgument.numbers(workers, "--workers", 1...1000)
        sweep.slots = try SweepArgument.numbers(slots, "--slots", 1...10_000)
        sweep.payloads = try SweepArgument.numbers(payload, "--payload", 0...65_536)
        if let parallelism { sweep.parallelism = try SweepArgument.numbers(parallelism, "--parallelism", 1...100_000) }
        if let batch { sweep.batches = try SweepArgument.numbers(batch, "--batch", 1...1_048_576) }
        if let point = sweep.points.first(where: { $0.parallelism > 100_000 }) {
            throw ValidationError("--slots \(slots): \(point.workers) workers with \(point.slots) slots each are more than 100000 in all")
        }
        return sweep
    }

    func settings() throws(ValidationError) -> BenchSettings {
        var settings = BenchSettings(streamCommand: streamCommand ?? StreamHandler.command(path: environment("PATH") ?? "/usr/bin:/bin"))
        if let items {
            let numbers = try SweepArgument.numbers(items, "--items", 1...Int(Int32.max))
            if numbers.count > 1 { throw ValidationError("--items \(items): give one number") }
            settings.items = numbers[0]
        }
        if let duration {
            if duration.milliseconds < 100 { throw ValidationError("--duration \(duration): must be at least 100ms") }
            settings.duration = duration.duration
        }
        if !(0...1_000_000).contains(latencySamples) { throw ValidationError("--latency-samples \(latencySamples): must be from 0 to 1000000") }
        if lease.milliseconds < 3000 { throw ValidationError("--lease \(lease): must be at least 3s") }
        (settings.rounds, settings.latencySamples, settings.kills, settings.lease) = (rounds, latencySamples, kill, lease.duration)
        (settings.sleep, settings.cpuTime) = (sleep.duration, cpuTime.duration)
        settings.cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        try addStore(&settings)
        return settings
    }

    private func addStore(_ settings: inout BenchSettings) throws(ValidationError) {
        switch aof {
        case "off": settings.sync = nil
        case "everysec": settings.sync = .everySecond
        case "always": settings.sync = .always
        default: throw ValidationError("--aof \(aof): must be off, everysec or always")
        }
        guard let redis else { return }
        do { _ = try RedisAddress(redis) } catch { throw ValidationError("--redis: \(error.message)") }
        if aof != "off" { throw ValidationError("--aof \(aof): is for a private Redis, not for --redis") }
        settings.redis = redis
    }

    func run() async throws {
        let session = BenchSession(settings: try settings(), points: try sweep().points, display: ProgressDisplay(progress), printsJSON: json)
        let status = await session.run()
        if status != ExitStatus.complete { throw status }
    }
}
