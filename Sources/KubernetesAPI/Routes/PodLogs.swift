import BatchAPI
import Broker

extension API {
    func podLog(_ namespace: String, _ name: String, _ request: APIRequest) async throws -> APIResponse {
        let query = try LogParameters.parse(request.query, pod: name, now: now)
        let (job, pod) = try await storedPod(namespace, name)
        let chosen = try LogParameters.container(query.container, of: job.spec.template.spec, pod: name)
        var wanted = query
        wanted.container = chosen
        try Self.checkState(pod, wanted)
        do {
            let stream = try await logs.logs(job: job, pod: pod, query: wanted)
            return APIResponse(code: 200, contentType: "text/plain", body: .stream(stream, endless: wanted.follows))
        } catch let error as LogError {
            throw Self.status(error, pod: name, container: chosen)
        }
    }

    /// What the record itself rules out, so that no node is asked.
    private static func checkState(_ pod: PodRecord, _ query: LogQuery) throws(APIStatus) {
        let own = pod.states.first { $0.name == query.container }
        if pod.isLive, case .waiting(let reason, _)? = own?.stage, own?.last == nil {
            throw status(.notStarted(reason: reason), pod: pod.name, container: query.container)
        } else if own == nil, pod.started == nil, pod.isLive {
            throw status(.notStarted(reason: pod.node.isEmpty ? "Pending" : "ContainerCreating"), pod: pod.name, container: query.container)
        }
        if query.isPrevious, own?.restarts ?? pod.restarts == 0 {
            throw .badRequest("previous terminated container \"\(query.container)\" in pod \"\(pod.name)\" not found")
        }
    }

    private static func status(_ error: LogError, pod: String, container: String) -> APIStatus {
        switch error {
        case .notFound: .badRequest("the log of container \"\(container)\" in pod \"\(pod)\" is not kept any more")
        case .notStarted(let reason): .badRequest("container \"\(container)\" in pod \"\(pod)\" is waiting to start: \(reason)")
        case .unavailable(let message): .unavailable("the log of pod \"\(pod)\" can't be read now: \(message)")
        }
    }
}

/// The query options of pods/log.
enum LogParameters {
    /// Reads and checks the options; the container is still as written, "" for none.
    static func parse(_ query: Query, pod: String, now: Timestamp) throws(APIStatus) -> LogQuery {
        var log = LogQuery(container: query["container"] ?? "")
        (log.follows, log.isPrevious, log.timestamps) = (query.flag("follow"), query.flag("previous"), query.flag("timestamps"))
        (log.tailLines, log.limitBytes) = (try query.number("tailLines"), try query.number("limitBytes"))
        let sinceSeconds = try query.number("sinceSeconds"), sinceTime = query["sinceTime"]
        var errors: [FieldError] = []
        if let lines = log.tailLines, lines < 0 { errors.append(tooSmall("tailLines", lines, 0)) }
        if let bytes = log.limitBytes, bytes < 1 { errors.append(tooSmall("limitBytes", bytes, 1)) }
        if let sinceSeconds {
            if sinceTime != nil { errors.append(.forbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified")) }
            if sinceSeconds < 1 { errors.append(tooSmall("sinceSeconds", sinceSeconds, 1)) }
            log.since = now.advanced(by: .seconds(-min(max(0, sinceSeconds), 1 << 32)))
        } else if let sinceTime {
            guard let time = Timestamp(rfc3339: sinceTime) else { throw .badRequest("sinceTime: \"\(sinceTime)\" is no RFC 3339 time") }
            log.since = time
        }
        guard errors.isEmpty else { throw .invalid(kind: "PodLogOptions", group: "", name: pod, errors: errors) }
        return log
    }

    private static func tooSmall(_ field: String, _ number: Int, _ least: Int) -> FieldError {
        .invalid(field, .int(Int64(number)), "must be greater than or equal to \(least)")
    }

    /// The container that is meant: the named one, or the only one.
    static func container(_ name: String, of spec: PodSpec, pod: String) throws(APIStatus) -> String {
        let containers = spec.containers.map(\.name), all = containers + spec.initContainers.map(\.name)
        if name.isEmpty {
            guard containers.count == 1 else {
                throw .badRequest(
                    "a container name must be specified for pod \(pod), choose one of: [\(containers.joined(separator: " "))]")
            }
            return containers[0]
        }
        guard all.contains(name) else { throw .badRequest("container \(name) is not valid for pod \(pod)") }
        return name
    }
}
