import BatchAPI
import Broker

/// The items of one request on their way to the store, many at a time.
struct ItemUpload {
    private let broker: any Broker
    private let job: Job
    /// How long the store may take nothing.
    private let patience: Duration
    /// Where the client wants its items; nil: after those that are there.
    private let wanted: Int?
    /// "" if the client says where.
    private let pusher: String
    private var first = 0
    private var count = 0
    private var slab = 0
    private var items = PackedItems()
    private var taken = 0

    private static let batchBytes = 192 << 10, pause = Duration.milliseconds(50)

    init(broker: any Broker, job: Job, patience: Duration, first: Int?) {
        (self.broker, self.job, self.patience, wanted) = (broker, job, patience, first)
        pusher = first == nil ? Identifiers.uid() : ""
    }

    mutating func begin() async throws {
        let reply = try await broker.push(ItemPush(job: job.metadata.uid, first: Int(Int32.max), items: PackedItems(), slab: 0))
        (count, slab, first) = (reply.count, reply.slab, wanted ?? reply.count)
    }

    mutating func add(_ item: [UInt8]) async throws(APIStatus) {
        items.append(item)
        if items.bytes.count >= Self.batchBytes || items.count >= ItemPush.most(slab: slab) { try await send(isLast: false) }
    }

    mutating func flush() async throws(APIStatus) { if items.count > 0 { try await send(isLast: false) } }

    /// - Returns: how many items the Job has.
    mutating func finish(isLast: Bool) async throws(APIStatus) -> Int {
        try await flush()
        if isLast { try await send(isLast: true) }
        return count
    }

    /// An error that ends the request, with what it leaves behind.
    func after(_ status: APIStatus) -> APIStatus {
        guard taken > 0 else { return status }
        var status = status
        status.message += "; the first \(taken) items were taken, up to index \(first - 1)"
        return status
    }

    private mutating func send(isLast: Bool) async throws(APIStatus) {
        if slab == 0 { slab = items.fittingSlab }
        let start = ContinuousClock.now
        while true {
            let reply = try await push(isLast)
            switch reply.result {
            // Somebody else has pushed meanwhile.
            case .gap where wanted == nil: (first, slab) = (reply.count, reply.slab == 0 ? slab : reply.slab)
            case .taken, .had:
                (count, first, taken) = (reply.count, first + items.count, taken + items.count)
                return items.removeAll()
            case .gap where reply.count == first && reply.slab != slab: slab = reply.slab
            case .full where start.duration(to: .now) < patience:
                do { try await Task.sleep(for: Self.pause) } catch { throw APIStatus(reply, job, first: first) }
            default: throw APIStatus(reply, job, first: first)
            }
        }
    }

    private func push(_ isLast: Bool) async throws(APIStatus) -> PushReply {
        do { return try await broker.push(ItemPush(job: job.metadata.uid, first: first, items: items, slab: slab, isLast: isLast, pusher: pusher)) } catch {
            throw APIStatus(error, resource: "jobs", name: job.metadata.name)
        }
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
