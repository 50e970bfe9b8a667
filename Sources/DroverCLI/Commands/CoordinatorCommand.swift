import ArgumentParser
import Coordinator
import Glibc
import KubernetesAPI
import Logging
import RedisBroker
import Worker

/// `drover coordinator`: a replica of the coordinator, and the API.
struct CoordinatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coordinator", abstract: "Decide what becomes of Jobs, and serve the API. Run several: one leads.")

    @OptionGroup var redis: RedisOption
    @OptionGroup var policy: PolicyOptions
    @OptionGroup var shared: SharedOptions

    @Option(help: ArgumentHelp("Where the API listens; loopback only.", valueName: "address"))
    var listen = "127.0.0.1:7480"

    func run() async throws {
        let logger = shared.logger("coordinator")
        let broker = RedisBroker(address: try redis.address(), name: "drover.coordinator", logger: logger)
        let listen: ListenAddress
        do { listen = try ListenAddress.parse(self.listen) } catch { throw ValidationError("--listen: \(error)") }
        let service = CoordinatorService(broker: broker, listen: listen, policy: policy.policy, lease: shared.lease.duration, logger: logger)
        let work = Task { try await service.run() }
        let signals = Task {
            var count = 0
            for await _ in Interrupts.stream() {
                count += 1
                work.cancel()
                if count > 1 { _exit(130) }
            }
        }
        defer { signals.cancel() }
        do { try await work.value } catch {
            if !work.isCancelled {
                complain("drover coordinator: \(error)")
                throw ExitStatus.unreachable
            }
        }
        await broker.close()
    }
}
