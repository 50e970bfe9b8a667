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

    /// Query: `first`, the index of the first item (by default, as many as there are); `last=true`: no more will come. What was pushed already
    /// changes nothing. Answers how many there are; where the store is full, with 429, and how many to continue from.
    private func pushItems(_ job: Job, _ request: APIRequest) async throws -> APIResponse {
        guard job.takesItems else { throw APIStatus.badRequest("job \(job.metadata.name) lacks the annotation \(Job.itemsAnnotation): its items are not pushed") }
        let lines = try ItemLines.read(request.body)
        var (count, slab) = try await itemsOf(job), items = PackedItems(), batches: [PackedItems] = []
        for line in lines {
            items.append(line)
            if items.bytes.count >= Self.batchBytes || items.count >= Self.batchItems { (batches, items) = (batches + [items], PackedItems()) }
        }
        var first = try request.query.number("first") ?? count
        if items.count > 0 { batches.append(items) }
        if request.query.flag("last") { batches.append(PackedItems()) }
        for batch in batches {
            let isLast = batch.count == 0
            if slab == 0 { slab = batch.fittingSlab }
            var reply = try await broker.push(ItemPush(job: job.metadata.uid, first: first, items: batch, slab: slab, isLast: isLast))
            if reply.result == .gap, reply.count == first, reply.slab != slab {
                slab = reply.slab
                reply = try await broker.push(ItemPush(job: job.metadata.uid, first: first, items: batch, slab: slab, isLast: isLast))
            }
            guard reply.result == .taken else { throw APIStatus(reply, job, first: first) }
            (count, first) = (reply.count, first + batch.count)
        }
        return .object(["count": .int(Int64(count))])
    }

    private static let batchBytes = 192 << 10, batchItems = 500

    private func itemsOf(_ job: Job) async throws -> (count: Int, slab: Int) {
        let reply = try await broker.push(ItemPush(job: job.metadata.uid, first: Int(Int32.max), items: PackedItems(), slab: 0))
        return (reply.count, reply.slab)
    }

    /// Query: `from`, the number of the first batch that is wanted; those before it are dropped. Lines of JSON, the last one tells the next batch.
    private func takeResults(_ job: Job, _ request: APIRequest) async throws -> APIResponse {
        let page = try await broker.results(job: job.metadata.uid, from: max(0, try request.query.number("from") ?? 0))
        var bytes: [UInt8] = []
        for result in page.batches.flatMap({ PackedResults.read($0) }) { bytes += PackedResults.line(index: result.index, bytes: result.bytes) }
        let next: Value = ["next": .int(Int64(page.first + page.batches.count))]
        bytes += next.encodedBytes + [UInt8(ascii: "\n")]
        return APIResponse(code: 200, contentType: "application/x-ndjson", body: .bytes(bytes))
    }
}

/// Items as lines of JSON: a string is its text, `{"base64": "..."}` its bytes, anything else is itself.
enum ItemLines {
    static func read(_ body: [UInt8]) throws(APIStatus) -> [[UInt8]] {
        var items: [[UInt8]] = []
        for (number, line) in body.split(separator: 10).enumerated() where !line.allSatisfy({ $0 == 32 || $0 == 13 || $0 == 9 }) {
            let value: Value
            do throws(SyntaxError) { value = try Value.parse(json: Array(line)) } catch { throw .badRequest("line \(number + 1) is no JSON: \(error)") }
            let item = try bytes(value, line, number + 1)
            guard item.count <= PackedItems.longestItem else {
                throw .badRequest("line \(number + 1): the item has \(item.count) bytes, more than \(PackedItems.longestItem)")
            }
            items.append(item)
        }
        return items
    }

    private static func bytes(_ value: Value, _ line: ArraySlice<UInt8>, _ number: Int) throws(APIStatus) -> [UInt8] {
        if let text = value.string { return Array(text.utf8) }
        guard let text = value["base64"]?.string, value.object?.count == 1 else { return Array(line) }
        guard let bytes = Base64.decode(text) else { throw .badRequest("line \(number): base64 can't be decoded") }
        return bytes
    }
}

extension APIStatus {
    fileprivate init(_ reply: PushReply, _ job: Job, first: Int) {
        let name = job.metadata.name, place: Value = ["retryAfterSeconds": 1, "name": .string(name), "kind": "jobs"]
        switch reply.result {
        case .full:
            self.init(
                code: 429, reason: "TooManyRequests", message: "job \(name) has too many items waiting: continue from \(reply.count) later", details: place)
        case .gap:
            self.init(code: 409, reason: "Conflict", message: "job \(name) has \(reply.count) items, not \(first): continue from there")
        default: self.init(code: 409, reason: "Conflict", message: "job \(name) takes no more items: it was closed or has ended")
        }
    }
}
