import Broker
import Coordinator
import Glibc
import JobController
import Logging
import Redis
import RedisBroker
import Worker

/// Redis, coordinator and worker in one process, the guardian apart: what `run` and `up` work with.
final class PrivateSystem: Sendable {
    let broker: RedisBroker
    let redis: EmbeddedRedis
    let worker: WorkerDaemon

    struct Settings: Sendable {
        /// Where everything lies.
        var folder: String
        var worker: WorkerOptions
        /// Whether Redis keeps on disk what it is told.
        var isPersistent = false
        var logger: Logger
    }

    private let isPersistent: Bool

    private init(broker: RedisBroker, redis: EmbeddedRedis, worker: WorkerDaemon, isPersistent: Bool) {
        (self.broker, self.redis, self.worker, self.isPersistent) = (broker, redis, worker, isPersistent)
    }

    /// Starts the guardian, then Redis, and makes the worker; nothing is run before `worker.run()`.
    /// - Parameter planner: made for the store, where ConfigMaps and the like are.
    static func start(
        _ settings: Settings, planner: (any ObjectLookup) -> any AttemptPlanner, observer: (any AttemptObserver)?
    ) async throws -> PrivateSystem {
        var options = settings.worker
        let folder = try DataFolder(path: settings.folder + "/worker")
        let data = settings.isPersistent ? settings.folder + "/redis" : nil
        if let data { options.guardian.environment["DROVER_GUARDIAN_REDIS"] = "unix://" + data + "/redis.sock" }
        let host = try await NodeHost.start(options, folder: folder)
        do {
            let redis = try await EmbeddedRedis.start(.init(data: data), reaper: host.reaper) { pid in try host.guardRedis(pid: pid) }
            let broker = RedisBroker(address: redis.address, name: "drover", lanes: options.lanes, logger: settings.logger)
            let worker = WorkerDaemon(
                broker: broker, planner: planner(broker), options: options, host: host, observer: observer,
                lanes: broker.lanes, news: broker.newsExecutor, relay: RedisLogRelay(broker: broker), events: broker, logger: settings.logger)
            return PrivateSystem(broker: broker, redis: redis, worker: worker, isPersistent: settings.isPersistent)
        } catch {
            await host.close()
            throw error
        }
    }

    /// Ends what is left: the guardian ends the attempts, then Redis.
    func stop() async {
        await broker.close()
        // It takes Redis a tenth of a second to look at SIGTERM; one that keeps nothing has nothing to write out.
        if !isPersistent { redis.process.send(signal: SIGKILL) }
        await worker.close()
        await redis.stop()
    }
}
