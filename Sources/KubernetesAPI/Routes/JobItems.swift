import BatchAPI
import Broker

/// `/apis/drover.dev/v1/namespaces/N/jobs/J/items`: POST pushes a line of JSON per item, GET takes results.
extension API {
    static func namesItems(_ target: ResourcePath) -> Bool {
        (target.group, target.version, target.resource, target.subresource) == ("drover.dev", "v1", "jobs", "items") && !target.namespace.isEmpty
    }

    func itemsRequest(_ target: ResourcePath, _ request: APIRequest) async throws -> APIResponse {
        let job = try await storedJob(target.namespace, target.name ?? "")
        switch request.method {
        case .post: return try await pushItems(job, request)
        case .get: return try await takeResults(job, request)
        default: throw APIStatus.methodNotAllowed
        }
    }

    /// Whether the body of a request is read part by part, as it is worked on.
    static func readsParts(_ request: APIRequest) -> Bool { request.method == .post && ResourcePath(request.path).map(namesItems) ?? false }

    /// Query: `first`, the index of the first item (by default, as many as there are, whoever else pushes); `last=true`: no more will come. What
    /// was pushed already changes nothing. Answers how many there are. While the store is full no more of the body is read.
    private func pushItems(_ job: Job, _ request: APIRequest) async throws -> APIResponse {
        guard job.takesItems else { throw APIStatus.badRequest("job \(job.metadata.name) lacks the annotation \(Job.itemsAnnotation): its items are not pushed") }
        var upload = ItemUpload(broker: broker, job: job, patience: options.requestTimeout, first: try request.query.number("first"))
        try await upload.begin()
        var lines = ItemLines(), part: [UInt8]? = request.body
        while let bytes = part {
            do throws(APIStatus) {
                for item in try lines.feed(bytes) { try await upload.add(item) }
                // Whoever writes slowly has each item run when it comes.
                try await upload.flush()
            } catch { throw upload.after(error) }
            part = try await request.more?()
        }
        do throws(APIStatus) { for item in try lines.finish() { try await upload.add(item) } } catch { throw upload.after(error) }
        return .object(["count": .int(Int64(try await upload.finish(isLast: request.query.flag("last"))))])
    }

    /// Query: `from`, the number of the first batch that is wanted; those before it are dropped. `wait`, for how many seconds at most to wait for a
    /// result, or for the Job's end. Lines of JSON, the last one tells the next batch, and `ended` when there will be none.
    private func takeResults(_ job: Job, _ request: APIRequest) async throws -> APIResponse {
        let from = max(0, try request.query.number("from") ?? 0), wait = max(0, try request.query.number("wait") ?? 0)
        let (page, hasEnded) = try await results(job, from: from, within: min(.seconds(wait), options.requestTimeout * 2 / 3))
        var bytes: [UInt8] = []
        for result in page.batches.flatMap({ PackedResults.read($0) }) { bytes += PackedResults.line(index: result.index, bytes: result.bytes) }
        var next: [String: Value] = ["next": .int(Int64(page.first + page.batches.count))]
        if hasEnded { next["ended"] = true }
        bytes += Value.object(next).encodedBytes + [UInt8(ascii: "\n")]
        return APIResponse(code: 200, contentType: "application/x-ndjson", body: .bytes(bytes))
    }

    /// Looks again, ever more rarely, until there is something, the Job has ended or the time is over.
    private func results(_ job: Job, from: Int, within wait: Duration) async throws -> (page: ResultPage, hasEnded: Bool) {
        let end = ContinuousClock.now + wait
        var job = job, pause = Duration.milliseconds(20)
        while true {
            // What had ended before has no result that comes later.
            let isFinished = job.status.isFinished, page = try await broker.results(job: job.metadata.uid, from: from)
            if !page.batches.isEmpty || isFinished || ContinuousClock.now + pause > end { return (page, isFinished && page.batches.isEmpty) }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(200))
            job = try await storedJob(job.metadata.namespace, job.metadata.name)
        }
    }
}
