import BatchAPI
import Broker
import Coordinator
import JobController
import KubernetesAPI
import Logging
import RedisBroker
import Worker

/// A coordinator replica with its API.
struct CoordinatorService: Sendable {
    let broker: RedisBroker
    let listen: ListenAddress
    let policy: Options
    let lease: Duration
    let logger: Logger
    /// Called once the API listens, with its URL.
    var onReady: @Sendable (String) async -> Void = { _ in }

    /// Runs until cancelled.
    func run() async throws {
        let instance = String(makeUUID().prefix(13))
        try await withThrowingTaskGroup(of: Void.self) { parts in
            let (ports, found) = AsyncStream.makeStream(of: Int.self)
            var api = APIOptions()
            (api.leaderLease, api.version) = (lease, DroverCommand.configuration.version)
            let metrics = api.metrics
            let server = APIServer(
                broker: broker, leader: broker, logs: RelayedLogs(relay: RedisLogRelay(broker: broker)), address: listen, options: api, logger: logger)
            parts.addTask { try await server.run { port in found.yield(port) } }
            parts.addTask {
                guard let port = await ports.first(where: { _ in true }) else { return }
                let address = listen.with(port: port).description
                await onReady("http://" + address)
                var options = CoordinatorOptions(instance: instance, address: address)
                (options.lease, options.policy, options.metrics) = (lease, policy, metrics)
                await Coordinator(broker: broker, options: options, time: HostTime(), logger: logger).run()
            }
            try await parts.next()
            parts.cancelAll()
        }
    }
}

extension RedisBroker: LeaderSource {}
