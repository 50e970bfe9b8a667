import ArgumentParser
import Glibc
import Logging
import RedisBroker
import Worker

/// `drover worker`: a worker daemon of its own, one per host.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "worker", abstract: "Run attempts on this host until SIGINT or SIGTERM.")

    @OptionGroup var redis: RedisOption
    @OptionGroup var node: NodeOptions
    @OptionGroup var restarts: RestartOptions
    @OptionGroup var shared: SharedOptions

    @Option(help: ArgumentHelp("Where logs and claims are kept.", valueName: "folder"))
    var data = defaultDataFolder("worker")

    func run() async throws {
        // Before anything is started: a signal must not end us in between.
        let signals = Interrupts.stream()
        let logger = shared.logger("worker")
        let address = try redis.address()
        var options = node.worker(shared, restarts)
        let broker = RedisBroker(address: address, name: "drover.worker." + node.nodeName, lanes: options.lanes, logger: logger)
        // A Redis that syncs its file once a second forgets at most two.
        options.settling = .seconds(2)
        options.guardian.environment["DROVER_GUARDIAN_REDIS"] = redis.redis
        let home = environment("HOME") ?? "/"
        let daemon: WorkerDaemon
        do {
            let host = try await NodeHost.start(options, folder: try DataFolder(path: data))
            daemon = WorkerDaemon(
                broker: broker, planner: TemplatePlanner(node: options.name, home: home, rules: node.rules(HostRules()), objects: broker),
                options: options, host: host, lanes: broker.lanes, news: broker.newsExecutor,
                relay: RedisLogRelay(broker: broker), events: broker, logger: logger)
        } catch {
            complain("drover worker: \(error)")
            throw ExitStatus.unreachable
        }
        try await run(daemon, broker, signals)
    }

    private func run(_ daemon: WorkerDaemon, _ broker: RedisBroker, _ signals: AsyncStream<Int32>) async throws {
        let heeding = Task {
            var count = 0
            for await _ in signals {
                count += 1
                if count == 1 { daemon.drain() } else { daemon.abort() }
                if count > 2 { _exit(130) }
            }
        }
        defer { heeding.cancel() }
        do {
            try await daemon.run()
            await daemon.close()
            await broker.close()
        } catch {
            complain("drover worker: \(error)")
            await daemon.close()
            throw ExitStatus.unreachable
        }
    }
}

/// Where a part keeps its data unless told otherwise.
func defaultDataFolder(_ part: String) -> String {
    if geteuid() == 0 { return "/var/lib/drover/" + part }
    let home = environment("XDG_DATA_HOME") ?? (environment("HOME") ?? "/tmp") + "/.local/share"
    return home + "/drover/" + part
}
