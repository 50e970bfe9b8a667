import ArgumentParser
import Glibc
import KubernetesAPI
import Logging
import Redis
import RedisBroker
import Worker

/// `drover up`: everything on this host, until it is told to stop.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Run Redis, coordinator, API and a worker on this host until SIGINT or SIGTERM.")

    @Option(help: ArgumentHelp("Where the API listens; loopback only.", valueName: "address"))
    var listen = "127.0.0.1:7480"

    @Option(help: ArgumentHelp("Where everything is kept.", valueName: "folder"))
    var data = defaultDataFolder("up")

    @OptionGroup var node: NodeOptions
    @OptionGroup var policy: PolicyOptions
    @OptionGroup var restarts: RestartOptions
    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let folder = data
        let listen: ListenAddress
        do { listen = try ListenAddress.parse(self.listen) } catch { throw ValidationError("--listen: \(error)") }
        var options = node.worker(shared, restarts)
        options.shutdownTimeout = shared.shutdownTimeout?.duration ?? SharedOptions.shortTimeout
        var settings = PrivateSystem.Settings(folder: folder, worker: options, logger: shared.logger("up"))
        settings.isPersistent = true
        let system: PrivateSystem
        do {
            let rules = node.rules(HostRules.open)
            system = try await PrivateSystem.start(
                settings, planner: { TemplatePlanner(node: options.name, home: environment("HOME") ?? "/", rules: rules, objects: $0) }, observer: nil)
        } catch {
            complain("drover up: \(error)")
            throw ExitStatus.unreachable
        }
        let service = CoordinatorService(
            broker: system.broker, listen: listen, policy: policy.policy, lease: shared.lease.duration, logger: settings.logger,
            onReady: { url in Self.announce(url, folder) })
        let status = await serve(system, service, options.shutdownTimeout)
        await system.stop()
        if let status { throw status }
    }

    /// Until a signal, or until a part fails.
    private func serve(_ system: PrivateSystem, _ service: CoordinatorService, _ timeout: Duration) async -> ExitCode? {
        let interruption = Interruption()
        let safety = SystemGuard(system: system, interruption: interruption, shutdownTimeout: timeout) { complain("drover up: \($0)") }
        let guards = [Task { await safety.heed(Interrupts.stream()) }, Task { await safety.watchRedis() }]
        defer { for guardian in guards { guardian.cancel() } }
        let api = Task {
            do {
                try await service.run()
                return true
            } catch {
                if !Task.isCancelled { complain("drover up: \(error)") }
                system.worker.drain()
                return Task.isCancelled
            }
        }
        var isWell = true
        do { try await system.worker.run() } catch {
            complain("drover up: \(error)")
            isWell = false
        }
        isWell = await end(api, system) && isWell
        return isWell && interruption.cause?.isLost != true ? nil : ExitStatus.unreachable
    }

    /// Gives the lead up, unless the store takes too long.
    private func end(_ api: Task<Bool, Never>, _ system: PrivateSystem) async -> Bool {
        let hangUp = Task {
            guard (try? await Task.sleep(for: .seconds(1))) != nil else { return }
            await system.broker.close()
        }
        defer { hangUp.cancel() }
        api.cancel()
        return await api.value
    }

    /// The API listens: writes the kubeconfig, all at once, and says how to use it.
    private static func announce(_ url: String, _ folder: String) {
        let path = folder + "/kubeconfig"
        do { try Kubeconfig(url: url).write(to: path) } catch { complain("drover up: \(error)") }
        let failure = say("ready \(url) kubeconfig \(path)\nexport KUBECONFIG=\(path)")
        if failure != 0 && failure != EPIPE { complain(cannotWrite("up", failure)) }
    }
}
