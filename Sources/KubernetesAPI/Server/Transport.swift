import BatchAPI
import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle

/// Between Hummingbird and the routes.
struct Transport: HTTPResponder {
    let api: API
    let logger: Logger
    private let gatekeeper: Gatekeeper
    private let metrics: RequestMetrics

    init(api: API, logger: Logger) {
        (self.api, self.logger) = (api, logger)
        (gatekeeper, metrics) = (Gatekeeper(api.options), RequestMetrics(factory: api.options.metrics))
    }

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        let head = head(request), exchange = Exchange(request, head)
        var answer: APIResponse
        var ticket: Gatekeeper.Ticket?
        do {
            if let refusal = Self.refusal(request) { throw refusal }
            ticket = try Gatekeeper.Sort(exchange.purpose, head).map { sort throws(APIStatus) in try gatekeeper.enter(sort, client: exchange.client) }
            answer = try await self.answer(head, request)
        } catch {
            answer = .status(APIStatus(error))
        }
        metrics.answered(exchange.purpose, code: answer.code, after: exchange.elapsed)
        answer.headers.append((Exchange.header.rawName, exchange.id))
        let end = { @Sendable [logger, ticket, code = answer.code] in
            exchange.log(code, to: logger)
            withExtendedLifetime(ticket) {}
        }
        return response(answer, to: request, end)
    }

    private func answer(_ head: APIRequest, _ request: Request) async throws -> APIResponse {
        let options = api.options
        if API.readsParts(head) {
            try Self.checkCoding(request)
            var head = head
            let parts = BodyParts(request.body)
            // However long it is: each part comes in time, and what is done with it has a time of its own.
            head.more = { try await withDeadline(options.idleTimeout, or: .tooSlow) { try await parts.next() } }
            return await api.answer(head)
        }
        let whole = try await withDeadline(options.bodyTimeout, or: .tooSlow) { try await read(head, request) }
        return try await withDeadline(options.requestTimeout) { await api.answer(whole) }
    }

    private static func checkCoding(_ request: Request) throws(APIStatus) {
        if let coding = request.headers[.contentEncoding], coding.lowercased() != "identity" { throw .unknownCoding(coding) }
    }

    private static func refusal(_ request: Request) -> APIStatus? {
        let site = HTTPField.Name("Sec-Fetch-Site").flatMap { request.headers[$0] }
        return RequestGuard.refusal(host: request.head.authority, origin: request.headers[.origin], fetchSite: site)
    }

    /// The request without its body.
    private func head(_ request: Request) -> APIRequest {
        APIRequest(
            APIRequest.Method(rawValue: request.method.rawValue), request.head.path ?? "/", accept: request.headers[.accept] ?? "",
            contentType: request.headers[.contentType] ?? "", userAgent: request.headers[.userAgent] ?? "")
    }

    private func read(_ head: APIRequest, _ request: Request) async throws -> APIRequest {
        let limit = api.options.maximumBodyBytes
        try Self.checkCoding(request)
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw APIStatus.tooLarge(limit: limit) }
        // The body of a GET means nothing, and following a log watches the connection itself.
        guard head.method != .get else { return head }
        var whole = head
        do {
            for try await part in request.body {
                guard whole.body.count + part.readableBytes <= limit else { throw APIStatus.tooLarge(limit: limit) }
                whole.body.append(contentsOf: part.readableBytesView)
            }
        } catch let error as APIStatus {
            throw error
        } catch where !Task.isCancelled {
            throw APIStatus.badRequest("the body of the request can't be read: \(error)")
        }
        return whole
    }

    /// A body as it comes; one reader at a time.
    private final class BodyParts: @unchecked Sendable {
        private var iterator: RequestBody.AsyncIterator

        init(_ body: RequestBody) { iterator = body.makeAsyncIterator() }

        func next() async throws -> [UInt8]? {
            do { return try await iterator.next().map { Array($0.readableBytesView) } } catch where !Task.isCancelled {
                throw APIStatus.badRequest("the body of the request can't be read: \(error)")
            }
        }
    }

    /// - Parameter end: called once the answer is there; that of a watch, or a followed log, once it is over.
    private func response(_ answer: APIResponse, to request: Request, _ end: @escaping @Sendable () -> Void) -> Response {
        var headers: HTTPFields = [.contentType: answer.contentType, .cacheControl: "no-cache, private"]
        for (name, value) in answer.headers {
            guard let name = HTTPField.Name(name) else { continue }
            // What the answer says of its keeping counts, and counts alone.
            if name == .cacheControl { headers[name] = value } else { headers.append(HTTPField(name: name, value: value)) }
        }
        // What is left of a body that is too large or too slow, or of which a part was refused, is not worth reading.
        if answer.code == 413 || answer.code == 408 || answer.code >= 400 && API.readsParts(head(request)) { headers[.connection] = "close" }
        let isHead = request.method == .head
        switch answer.body {
        case .bytes(var bytes):
            end()
            if bytes.count > Gzip.threshold { Self.compress(&bytes, &headers, for: request) }
            return Response(status: .init(code: answer.code), headers: headers, body: isHead ? .init() : .init(byteBuffer: ByteBuffer(bytes: bytes)))
        case .stream(let stream, let isEndless):
            return Response(status: .init(code: answer.code), headers: headers, body: Self.body(stream, isEndless: isEndless, request, end))
        }
    }

    private static func compress(_ bytes: inout [UInt8], _ headers: inout HTTPFields, for request: Request) {
        guard Gzip.isAccepted(request.headers[.acceptEncoding]), let smaller = Gzip.compressed(bytes) else { return }
        bytes = smaller
        headers[.contentEncoding] = "gzip"
        if !headers[values: .vary].contains("Accept-Encoding") { headers.append(HTTPField(name: .vary, value: "Accept-Encoding")) }
    }

    private static func body(
        _ stream: AsyncThrowingStream<[UInt8], any Error>, isEndless: Bool, _ request: Request, _ end: @escaping @Sendable () -> Void
    ) -> ResponseBody {
        ResponseBody { writer in
            defer { end() }
            if isEndless {
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    for try await part in stream.cancelOnGracefulShutdown() { try await writer.write(ByteBuffer(bytes: part)) }
                }
                // Cut off: a proper end would look like that of the log.
                if Task.isShuttingDownGracefully { throw CancellationError() }
            } else {
                for try await part in stream { try await writer.write(ByteBuffer(bytes: part)) }
            }
            try await writer.finish(nil)
        }
    }
}
