import Broker
import Drover
import Glibc
import Logging
import Redis
import RedisBroker
import Synchronization
import Worker

/// What a benchmark runs against: a Redis, its own or a given one, and a coordinator in a process of its own.
final class BenchSystem: Sendable {
    let settings: BenchSettings
    let folder: String
    /// Names all that belongs to this benchmark.
    let mark: String
    /// Its guardian ends the Redis if this process dies.
    let host: NodeHost
    /// nil: a given one.
    let redis: EmbeddedRedis?
    let url: String
    let broker: RedisBroker
    let client: DroverClient
    let coordinator: BenchChild
    private let numbers = Atomic<Int>(0)
    private let jobs = Mutex<[SubmittedJob]>([])

    /// - Throws: if there is no Redis, or it can't be used.
    init(_ settings: BenchSettings, folder: String) async throws {
        (self.settings, self.folder, mark) = (settings, folder, "bench-" + makeUUID().prefix(8))
        host = try await NodeHost.start(WorkerOptions(name: mark, slots: 1), folder: try DataFolder(path: folder + "/host"))
        do {
            if settings.redis == nil { redis = try await Self.startRedis(settings, folder, host) } else { redis = nil }
        } catch {
            await host.close()
            throw error
        }
        url = settings.redis ?? "unix://" + redis!.socket
        let logger = Logger(label: "bench", factory: { _ in SwiftLogNoOpLogHandler() })
        broker = RedisBroker(address: try RedisAddress(url), name: "drover.bench", logger: logger)
        do {
            client = try DroverClient(redis: url, logger: logger)
            let part = BenchPart(kind: .coordinator, redis: url, mark: mark, name: mark + "-coordinator", lease: settings.lease)
            coordinator = try BenchChild(part, host.reaper)
        } catch {
            await broker.close()
            await Self.end(redis)
            await host.close()
            throw error
        }
    }

    private static func startRedis(_ settings: BenchSettings, _ folder: String, _ host: NodeHost) async throws -> EmbeddedRedis {
        var options = EmbeddedRedis.Options(data: settings.sync == nil ? nil : folder + "/redis")
        if let sync = settings.sync { options.sync = sync }
        return try await EmbeddedRedis.start(options, reaper: host.reaper) { pid in try host.guardRedis(pid: pid) }
    }

    /// Nothing of it is to stay.
    private static func end(_ redis: EmbeddedRedis?) async {
        redis?.process.send(signal: SIGKILL)
        await redis?.stop()
    }

    func nextNumber() -> Int { numbers.wrappingAdd(1, ordering: .relaxed).newValue }

    func submit(_ description: BenchJob) async throws -> SubmittedJob {
        let job = try await client.submit(manifest: description.manifest(name: "\(mark)-\(nextNumber())", mark: mark))
        jobs.withLock { $0.append(job) }
        return job
    }

    /// Deletes a Job and waits, not for ever, until nothing is left of it.
    func delete(_ job: SubmittedJob) async throws {
        try await job.delete()
        let end = ContinuousClock.now + Self.patience
        while try await broker.job(uid: job.uid) != nil, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(5)) }
        jobs.withLock { $0.removeAll { $0.uid == job.uid } }
    }

    private static let patience = Duration.seconds(20)

    /// What Redis says of itself.
    func usage() async throws -> RedisUsage {
        do {
            let reply = try await broker.connection.call(RedisCommand("INFO", "server", "memory", "cpu", "commandstats"))
            return RedisUsage(info: try reply.expectString())
        } catch {
            throw BenchError("Redis can't be asked: \(error.message)")
        }
    }

    /// - Throws: if a part has ended that was not to end.
    func check() throws {
        if let redis, redis.process.status != nil { throw BenchError("the private \(redis.end.story)") }
        if coordinator.process.status != nil { throw BenchError("the coordinator has ended by itself") }
    }

    /// Takes away what is left in Redis, then ends all parts. The workers must have ended.
    func end() async {
        if redis == nil { for job in jobs.withLock({ $0 }) { try? await delete(job) } }
        await coordinator.end()
        await client.close()
        await broker.close()
        await Self.end(redis)
        await host.close()
    }
}
