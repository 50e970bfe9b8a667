import BatchAPI
import Broker
import KubernetesAPI
import RedisBroker
import Worker

/// Logs for the API, fetched from the node that has them.
struct RelayedLogs: LogSource {
    let relay: RedisLogRelay
    /// A node that has said nothing for so long has no log for us.
    private static let patience = Duration.seconds(5)

    func logs(job: Job, pod: PodRecord, query: LogQuery) async throws -> AsyncThrowingStream<[UInt8], any Error> {
        let request = Self.request(job, pod, query)
        try await relay.ask(node: pod.node, request)
        let first = try await relay.receive(request.id, timeout: Self.patience)
        switch first {
        case nil: throw LogError.unavailable("node \(pod.node) does not answer")
        case .failed: throw LogError.notFound
        case .end: return AsyncThrowingStream { $0.finish() }
        case .bytes(let bytes): return stream(first: bytes, id: request.id)
        }
    }

    private static func request(_ job: Job, _ pod: PodRecord, _ query: LogQuery) -> LogRequest {
        var request = LogRequest(id: makeUUID(), job: job.metadata.uid, pod: pod.uid, token: pod.token)
        if query.container != job.spec.template.spec.containers.first?.name, !query.container.isEmpty { request.container = query.container }
        (request.isPrevious, request.follows, request.timestamps) = (query.isPrevious, query.follows, query.timestamps)
        (request.tailLines, request.limitBytes, request.since) = (query.tailLines, query.limitBytes, query.since?.milliseconds)
        return request
    }

    private func stream(first: [UInt8], id: String) -> AsyncThrowingStream<[UInt8], any Error> {
        let state = Parts(first: first, id: id, relay: relay)
        return AsyncThrowingStream { try await state.next() }
    }
}

/// The parts of one answer, in turn. The node sends an empty part now and then while it waits for output.
private actor Parts {
    private var first: [UInt8]?
    private let id: String
    private let relay: RedisLogRelay

    init(first: [UInt8], id: String, relay: RedisLogRelay) { (self.first, self.id, self.relay) = (first, id, relay) }

    func next() async throws -> [UInt8]? {
        if let bytes = first {
            first = nil
            return bytes
        }
        var silences = 0
        while silences < 6 {
            switch try await relay.receive(id, timeout: .seconds(5)) {
            case .bytes(let bytes): return bytes
            case .end: return nil
            case .failed(let message): throw LogError.unavailable(message)
            case nil: silences += 1
            }
        }
        throw LogError.unavailable("the node does not answer any more")
    }
}
