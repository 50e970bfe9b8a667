import BatchAPI
import Broker
import Glibc
import Logging
import Redis
import RedisBroker
import Worker

/// Submits Jobs and follows them, straight through Redis; a coordinator must be running somewhere.
///
///     let client = try DroverClient(redis: "redis://127.0.0.1:6379", logger: logger)
///     let job = try await client.submit(HandlerJob(name: "thumbnails", handler: "thumbnail", items: 1_000_000))
///     print(try await job.wait())
///     await client.close()
public final class DroverClient: Sendable {
    let broker: RedisBroker
    let changes: Changes

    /// Connects in the background; calls wait for the connection until they time out. `close()` must follow.
    /// - Throws: `.invalidURL`.
    public convenience init(redis: String, logger: Logger) throws(DroverError) {
        let address = try DroverError.reading { () throws(RedisError) in try RedisAddress(redis) }
        self.init(broker: RedisBroker(address: address, name: "drover.client.\(getpid())", logger: logger))
    }

    /// With a connection that is there already, whose owner closes it.
    package init(broker: RedisBroker) {
        self.broker = broker
        changes = Changes(broker: broker)
    }

    /// Ends the connection.
    public func close() async { await broker.close() }

    /// Stores a Job; O(1) whatever its number of items.
    /// - Throws: `.invalidJob` with every rule that it breaks, `.alreadyExists`, `.unavailable`.
    public func submit(_ job: HandlerJob) async throws(DroverError) -> SubmittedJob { try await submit(job.manifest) }

    /// Stores the Job of a manifest, YAML or JSON; it may have any runtime class.
    /// - Throws: as `submit(_:)`.
    public func submit(manifest: String) async throws(DroverError) -> SubmittedJob {
        let documents: [ManifestDocument]
        do { documents = try Manifest.load(Array(manifest.utf8), file: "manifest", kinds: ["Job": "batch/v1"]) } catch {
            throw DroverError(.invalidJob, "\(error)")
        }
        guard documents.count == 1 else { throw DroverError(.invalidJob, "the manifest holds \(documents.count) Jobs: submit them one by one") }
        return try await submit(documents[0].value)
    }

    private func submit(_ value: Value) async throws(DroverError) -> SubmittedJob {
        let now = Timestamp(milliseconds: HostTime().wall).wholeSecond
        let job = Job(JobDefaults.apply(to: value, uid: makeUUID(), now: now, nameSuffix: String(makeUUID().prefix(5))))
        let errors = JobValidation.validate(create: job)
        guard errors.isEmpty else { throw DroverError(.invalidJob, errors.map(\.description).joined(separator: "\n")) }
        let broker = broker
        let stored = try await DroverError.calling { () async throws(BrokerError) in try await broker.create(job, settings: LedgerSettings()) }
        return SubmittedJob(stored.metadata, self)
    }

    /// A Job that is there already.
    /// - Throws: `.notFound`, `.unavailable`.
    public func job(named name: String, namespace: String = "default") async throws(DroverError) -> SubmittedJob {
        let broker = broker
        let found = try await DroverError.calling { () async throws(BrokerError) in try await broker.job(namespace: namespace, name: name) }
        guard let found else { throw DroverError(.notFound, "there is no Job \(namespace)/\(name)") }
        return SubmittedJob(found.metadata, self)
    }
}
