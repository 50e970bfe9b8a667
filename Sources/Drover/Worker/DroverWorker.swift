import Broker
import Glibc
import Logging
import Redis
import RedisBroker
import ServiceLifecycle
import Worker

/// A program that runs work items in its own process, by handlers that it registers.
///
///     let worker = try DroverWorker(configuration: .init(redis: "redis://127.0.0.1:6379"), logger: logger)
///     worker.register("thumbnail") { item in try await makeThumbnail(item.text) }
///     try await ServiceGroup(services: [worker], gracefulShutdownSignals: [.sigterm], logger: logger).run()
///
/// A handler's Jobs have `runtimeClassName: handler` and its name as the image of their first container. Each slot runs one item at a time;
/// start as many programs, on as many hosts, as you like. An item whose handler returns has succeeded, one that throws has failed. Items may
/// run again if a program or Redis is lost in between, but each counts once.
public final class DroverWorker: Service {
    /// How a worker is to work.
    public struct Configuration: Sendable {
        /// Where Redis is: `redis://`, `rediss://` or `unix://`.
        public var redis: String
        /// The node's name, one per program; by default the host's name and the process id.
        public var name: String
        /// Items that run at a time; by default as many as the host has cores.
        public var slots: Int
        /// After this long without a sign of life the worker's items go to others; at least 3 s.
        public var lease: Duration = .seconds(30)
        /// How long what runs gets to end at a graceful shutdown, before its task is cancelled.
        public var shutdownTimeout: Duration = .seconds(30)
        /// The wait before the first item; it keeps a Redis that may lose its last two seconds from forgetting this worker (README, "What a Redis
        /// failure may cost"). Zero is safe only with one that keeps everything, or nothing.
        public var settling: Duration = .seconds(2)
        /// The most items of one lease. As many are leased as make about 100 ms of work by what they took so far, up to this.
        public var batch = 1 << 20
        /// Only items of the Job with this uid.
        public var job: String?

        /// A configuration for that Redis.
        public init(redis: String, name: String? = nil, slots: Int? = nil) {
            self.redis = redis
            self.name = name ?? "\(hostName()).\(getpid())"
            self.slots = slots ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        }
    }

    /// As many slots have a thread of their own each; more share these.
    public static let mostThreads = 64

    private let configuration: Configuration
    private let address: RedisAddress
    private let logger: Logger
    private let handlers = Handlers()

    /// Makes a worker; nothing is connected before `run()`.
    /// - Throws: `DroverError` if the URL of Redis can't be read.
    public init(configuration: Configuration, logger: Logger) throws {
        address = try DroverError.reading { () throws(RedisError) in try RedisAddress(configuration.redis) }
        (self.configuration, self.logger) = (configuration, logger)
    }

    /// Registers what runs the items of Jobs whose first container's image is `name`. To be called before `run()`, once per name.
    /// - Parameter handler: called on a thread of the slot's own (of up to 64 slots), so it may block or compute for long; its task is cancelled when the item is
    ///   to end (the Job was deleted or suspended, or the worker shuts down).
    public func register(_ name: String, handler: @escaping @Sendable (Item) async throws -> Void) {
        handlers.add(name) { item in
            try await handler(item)
            return nil
        }
    }

    /// Registers a handler whose items come to something: what it returns - up to 4,096 bytes, or the item fails - is kept until it is read by
    /// `SubmittedJob.results()`. Nothing more starts while 64 MiB of a Job's results wait there.
    public func registerFunction(_ name: String, handler: @escaping @Sendable (Item) async throws -> String?) { handlers.add(name, handler) }

    /// Works until a graceful shutdown or the cancellation of the task; what runs then gets its time to end, and is told.
    /// - Throws: if the node's name is taken on another machine, or Redis can't be used as it is.
    public func run() async throws {
        let broker = RedisBroker(address: address, name: "drover.handler." + configuration.name, logger: logger)
        let options = options, runtime = HandlerRuntime(handlers: handlers, meters: ItemMeters(), slots: options.slots)
        let daemon = WorkerDaemon(broker: broker, runtime: runtime, options: options, executor: broker.connection, news: broker.newsExecutor, logger: logger)
        var failure: (any Error)?
        do { try await Self.run(daemon) } catch { failure = error }
        await daemon.close()
        await broker.close()
        if let failure { throw failure }
    }

    private var options: WorkerOptions {
        var options = WorkerOptions(name: configuration.name, slots: max(1, configuration.slots))
        (options.lease, options.shutdownTimeout) = (max(configuration.lease, .seconds(3)), configuration.shutdownTimeout)
        (options.settling, options.job, options.makesPods, options.chunk) = (configuration.settling, configuration.job, false, max(1, configuration.batch))
        options.offer = NodeOffer(runtimes: [.handler], handlers: Set(handlers.names))
        return options
    }

    private static func run(_ daemon: WorkerDaemon) async throws {
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler { try await daemon.run() } onGracefulShutdown: { daemon.drain() }
        } onCancel: {
            daemon.abort()
        }
    }
}
