import BatchAPI
import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle

/// Between Hummingbird and the routes.
struct Transport: HTTPResponder {
    let api: API
    let logger: Logger
    private var metrics: RequestMetrics { RequestMetrics(factory: api.options.metrics) }

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        let start = ContinuousClock.now
        let answer: APIResponse
        do {
            if let refusal = Self.refusal(request) { throw refusal }
            answer = try await withDeadline(api.options.requestTimeout) { await api.answer(try await read(request)) }
        } catch {
            answer = .status(APIStatus(error))
        }
        metrics.answered(.init(head(request)), code: answer.code, after: start.duration(to: .now))
        if answer.code >= 500 {
            logger.warning("request failed", metadata: ["method": "\(request.method)", "path": "\(request.uri.path)", "code": "\(answer.code)"])
        }
        return response(answer, to: request)
    }

    private static func refusal(_ request: Request) -> APIStatus? {
        let site = HTTPField.Name("Sec-Fetch-Site").flatMap { request.headers[$0] }
        return RequestGuard.refusal(host: request.head.authority, origin: request.headers[.origin], fetchSite: site)
    }

    private func read(_ request: Request) async throws -> APIRequest {
        let limit = api.options.maximumBodyBytes
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw APIStatus.tooLarge(limit: limit) }
        var result = head(request)
        // The body of a GET means nothing, and following a log watches the connection itself.
        guard result.method != .get else { return result }
        for try await part in request.body {
            guard result.body.count + part.readableBytes <= limit else { throw APIStatus.tooLarge(limit: limit) }
            result.body.append(contentsOf: part.readableBytesView)
        }
        return result
    }

    /// The request without its body.
    private func head(_ request: Request) -> APIRequest {
        APIRequest(
            APIRequest.Method(rawValue: request.method.rawValue), request.head.path ?? "/", accept: request.headers[.accept] ?? "",
            contentType: request.headers[.contentType] ?? "", userAgent: request.headers[.userAgent] ?? "")
    }

    private func response(_ answer: APIResponse, to request: Request) -> Response {
        var headers: HTTPFields = [.contentType: answer.contentType, .cacheControl: "no-cache, private"]
        for (name, value) in answer.headers {
            guard let name = HTTPField.Name(name) else { continue }
            // What the answer says of its keeping counts, and counts alone.
            if name == .cacheControl { headers[name] = value } else { headers.append(HTTPField(name: name, value: value)) }
        }
        // What is left of a body that is too large is not worth reading.
        if answer.code == 413 { headers[.connection] = "close" }
        let isHead = request.method == .head
        switch answer.body {
        case .bytes(let bytes):
            return Response(status: .init(code: answer.code), headers: headers, body: isHead ? .init() : .init(byteBuffer: ByteBuffer(bytes: bytes)))
        case .stream(let stream, let isEndless):
            return Response(status: .init(code: answer.code), headers: headers, body: Self.body(stream, isEndless: isEndless, request))
        }
    }

    private static func body(_ stream: AsyncThrowingStream<[UInt8], any Error>, isEndless: Bool, _ request: Request) -> ResponseBody {
        ResponseBody { writer in
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
