import Broker
import Worker

/// Pushes items with payloads to one Job, many at a time, in order.
///
/// A pusher is alone, unless it is said to be shared: then any number may push to the Job at once, from anywhere. The items of each stay in their order,
/// those of others may stand between them.
public struct ItemPusher {
    private let job: SubmittedJob
    /// Of a shared one.
    private let id: String
    private var batch = PackedItems()
    private var slab = 0
    /// The index that the next item gets, so how many there are; of a shared pusher: unless others push meanwhile.
    public private(set) var count = 0

    init(_ job: SubmittedJob, isShared: Bool) { (self.job, id) = (job, isShared ? makeUUID() : "") }

    /// Continues where an earlier pusher of the Job stopped.
    mutating func synchronize() async throws(DroverError) {
        let reply = try await send(ItemPush(job: job.uid, first: Int(Int32.max), items: PackedItems(), slab: slab))
        (count, slab) = (reply.count, reply.slab)
    }

    /// Adds an item; it is sent with others once there are enough, or by `flush()`.
    /// - Throws: `.itemTooLong` (65,536 bytes), and as `flush()`.
    public mutating func push(_ item: some Collection<UInt8>) async throws(DroverError) {
        guard item.count <= PackedItems.longestItem else {
            throw DroverError(.itemTooLong, "item \(count) has \(item.count) bytes, more than \(PackedItems.longestItem): keep it elsewhere and push where")
        }
        batch.append(item)
        count += 1
        if batch.bytes.count >= Self.batchBytes || batch.count >= ItemPush.most(slab: slab) { try await flush() }
    }

    /// Adds an item that is text.
    public mutating func push(_ item: String) async throws(DroverError) { try await push(item.utf8) }

    /// Below `ItemPush.mostBytes` by the longest item.
    private static let batchBytes = 256 << 10

    /// Comes back once the store has all items so far. Waits while too many (256 MiB) wait there to be run.
    /// - Throws: `.closed` if no more were to come, `.notFound`, `.unavailable`, `.cancelled`; `.conflict` if the store has another number of
    ///   items and the pusher is not shared: somebody else pushes, too, or it has lost the newest ones.
    public mutating func flush() async throws(DroverError) { if batch.count > 0 { try await send(isLast: false) } }

    /// Says that no more will come, after a last `flush()`; the Job can then complete. The last of several pushers says so.
    public mutating func close() async throws(DroverError) { try await send(isLast: true) }

    private mutating func send(isLast: Bool) async throws(DroverError) {
        var first = count - batch.count
        if slab == 0 { slab = batch.fittingSlab }
        while true {
            let reply = try await send(ItemPush(job: job.uid, first: first, items: batch, slab: slab, isLast: isLast, pusher: id))
            switch reply.result {
            case .taken, .had:
                count = first + batch.count
                return batch.removeAll()
            case .full: try await pause()
            case .gap where reply.count == first && reply.slab != slab: slab = reply.slab
            case .gap where !id.isEmpty: (first, slab) = (reply.count, reply.slab == 0 ? slab : reply.slab)
            case .gap: throw DroverError(.conflict, "\(job.name) has \(reply.count) items, not \(first): somebody else pushes, too (then let all pushers be shared), or Redis has lost some")
            case .closed, .ended: throw DroverError(.closed, "\(job.name) takes no more items: it was closed or has ended")
            }
        }
    }

    private func pause() async throws(DroverError) {
        do { try await Task.sleep(for: .milliseconds(50)) } catch { throw DroverError(.cancelled, "the push was cancelled") }
    }

    /// What is not heard of is sent again: it changes nothing if it was taken.
    private func send(_ push: ItemPush) async throws(DroverError) -> PushReply {
        var tries = 0
        while true {
            do throws(DroverError) {
                let broker = job.client.broker
                return try await DroverError.calling { () async throws(BrokerError) in try await broker.push(push) }
            } catch {
                tries += 1
                guard error.code == .unavailable, tries < 5 else { throw error }
                try await pause()
            }
        }
    }
}

extension SubmittedJob {
    /// Pushes items to a Job that was submitted without a number of items.
    /// - Parameter shared: others push to the Job at the same time, each with a shared pusher of its own.
    /// - Throws: `.notFound`, `.unusable` if the Job takes none, `.unavailable`.
    public func pusher(shared: Bool = false) async throws(DroverError) -> ItemPusher {
        var pusher = ItemPusher(self, isShared: shared)
        try await pusher.synchronize()
        return pusher
    }
}
