import BatchAPI
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import Synchronization

/// How many connections are open.
final class ConnectionCount: Sendable {
    private let open = Mutex(0)

    /// - Returns: how many there are now.
    func add(_ number: Int) -> Int {
        open.withLock { open in
            open += number
            return open
        }
    }
}

/// Holds one connection to what lies below requests: heads that are too large or too slow, too many connections, clients that take
/// nothing of their answers, and the end of a connection that is not worth reading on.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let options: APIOptions
    private let connections: ConnectionCount
    private let watch: HeadWatch
    private var isCounted = false
    private var isSurplus = false
    /// Nothing more is read.
    private var isOver = false
    /// Requests whose answer is not complete.
    private var unanswered = 0
    private var endsAfterAnswer = false
    private var stall: Scheduled<Void>?
    /// For the client to take the answer while what it sends is thrown away.
    private static let linger = TimeAmount.seconds(1)

    init(_ options: APIOptions, _ connections: ConnectionCount) {
        (self.options, self.connections) = (options, connections)
        watch = HeadWatch(timeout: options.headTimeout, limit: options.maximumHeadBytes * 2)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        isCounted = true
        isSurplus = connections.add(1) > options.maximumConnections
        try? context.pipeline.syncOperations.addHandler(watch, position: .first)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stall?.cancel()
        if isCounted { _ = connections.add(-1) }
        isCounted = false
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isOver { return }
        switch unwrapInboundIn(data) {
        case .head:
            watch.headHasArrived()
            if isSurplus { return refuse(context, .surplusConnection(limit: options.maximumConnections)) }
            unanswered += 1
        case .end: watch.awaitHead()
        case .body: break
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError, error == .headerOverflow, !isOver else { return context.fireErrorCaught(error) }
        refuse(context, .headTooLarge(limit: options.maximumHeadBytes))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? HeadWatch.Event else { return context.fireUserInboundEventTriggered(event) }
        switch event {
        case .tooSlow: refuse(context, .tooSlow)
        case .tooLarge: refuse(context, .headTooLarge(limit: options.maximumHeadBytes))
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stall?.cancel()
        stall = nil
        if !context.channel.isWritable {
            stall = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(options.stallTimeout)) { context.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            endsAfterAnswer = head.headerFields[.connection] == "close"
            context.write(data, promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            unanswered -= 1
            context.write(data, promise: promise)
            if endsAfterAnswer { end(context) }
        }
    }

    /// Answers in place of the routes, if no answer is under way, and ends the connection.
    private func refuse(_ context: ChannelHandlerContext, _ status: APIStatus) {
        isOver = true
        guard unanswered == 0 else { return context.close(promise: nil) }
        let body = status.value.encodedBytes
        var fields: HTTPFields = [.contentType: "application/json", .contentLength: String(body.count), .connection: "close"]
        if let seconds = status.details?["retryAfterSeconds"]?.int { fields[.retryAfter] = String(seconds) }
        context.write(wrapOutboundOut(.head(HTTPResponse(status: .init(code: status.code), headerFields: fields))), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: body))), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        end(context)
    }

    /// Sends what is written; then the client has a moment to read it.
    private func end(_ context: ChannelHandlerContext) {
        isOver = true
        watch.headHasArrived()
        context.flush()
        context.close(mode: .output, promise: nil)
        stall?.cancel()
        stall = context.eventLoop.assumeIsolated().scheduleTask(in: Self.linger) { context.close(promise: nil) }
    }
}

/// Watches the bytes of a connection while the head of a request is awaited.
final class HeadWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    enum Event { case tooSlow, tooLarge }

    private let timeout: Duration
    private let limit: Int
    private var isAwaited = true
    private var bytes = 0
    private var timer: Scheduled<Void>?

    init(timeout: Duration, limit: Int) { (self.timeout, self.limit) = (timeout, limit) }

    func headHasArrived() {
        (isAwaited, bytes) = (false, 0)
        timer?.cancel()
        timer = nil
    }

    func awaitHead() { isAwaited = true }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let count = unwrapInboundIn(data).readableBytes
        if isAwaited, timer == nil {
            timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(timeout)) { context.fireUserInboundEventTriggered(Event.tooSlow) }
        }
        context.fireChannelRead(data)
        // Whatever came with the end of a head or of a body is another request's.
        guard isAwaited else { return }
        bytes += count
        if bytes > limit { context.fireUserInboundEventTriggered(Event.tooLarge) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }
}
