import BatchAPI
import Broker
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// The Kubernetes API over HTTP/1.1, for kubectl and the client libraries.
public struct APIServer: Sendable {
    private let api: API
    private let address: ListenAddress
    private let logger: Logger

    /// A server that does nothing until it is run.
    public init(
        broker: any APIStore, leader: any LeaderSource, logs: any LogSource, address: ListenAddress, options: APIOptions = APIOptions(),
        logger: Logger
    ) {
        var options = options
        options.address = address.description
        api = API(broker: broker, leader: leader, logs: logs, options: options, logger: logger)
        (self.address, self.logger) = (address, logger)
    }

    /// Why the server can't serve.
    public struct ListenError: Error, Sendable, CustomStringConvertible {
        public var description: String
    }

    /// Serves until the task is cancelled. Then no connection is taken any more, requests under way may end within
    /// `shutdownTimeout`, and logs that are followed are cut off.
    /// - Parameter onListening: called once, with the port.
    /// - Throws: `ListenError` if the address can't be listened on.
    public func run(onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }) async throws {
        var configuration = ServiceGroupConfiguration(services: [.init(service: application(onListening))], logger: quiet)
        configuration.maximumGracefulShutdownDuration = api.options.shutdownTimeout
        let group = ServiceGroup(configuration: configuration)
        let hub = api.hub
        defer { Task { await hub.stop() } }
        // A task of its own, so that being cancelled begins an orderly end instead of tearing all down.
        let serving = Task { try await group.run() }
        let founding = Task { [api] in await api.foundNamespaces() }
        defer { founding.cancel() }
        try await withTaskCancellationHandler {
            do { try await serving.value } catch let error as IOError {
                throw ListenError(description: "can't listen on \(address): \(error)")
            } catch where Task.isCancelled {
                logger.debug("some requests were cut off at the end", metadata: ["error": "\(error)"])
            }
        } onCancel: {
            Task { await group.triggerGracefulShutdown() }
        }
    }

    /// The services' own chatter is of no use.
    private var quiet: Logger {
        var quiet = logger
        quiet.logLevel = max(.error, logger.logLevel)
        return quiet
    }

    /// So many connections beyond the limit are told so; further ones wait.
    private static let surplus = 64

    func application(_ onListening: @escaping @Sendable (Int) async -> Void = { _ in }) -> Application<Transport> {
        let options = api.options, connections = ConnectionCount(), headers = options.maximumHeadBytes
        let http = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(options, connections)], idleTimeout: .nanoseconds(options.idleTimeout.wholeNanoseconds),
            httpDecoderConfiguration: .init(maxHeaderFieldSize: headers, maxHeaderListSize: headers, maxHeaderFieldCount: 200))
        return Application(
            responder: Transport(api: api, logger: logger), server: .http1(configuration: http),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), serverName: "drover",
                availableConnectionsDelegate: MaximumAvailableConnections(options.maximumConnections + Self.surplus, logger: quiet)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? address.port) }, logger: quiet)
    }
}

extension Duration {
    /// For time-outs; longer than a day counts as a day.
    fileprivate var wholeNanoseconds: Int64 {
        min(max(0, components.seconds), 86_400) * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
