import Broker

/// What one item has come to.
public struct ItemResult: Sendable, Hashable {
    /// The item's index.
    public let index: Int
    /// As its handler returned it.
    public let bytes: [UInt8]

    /// The bytes as text; what is not UTF-8 is replaced.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// The results of a Job's items, in the order in which they come, until the Job has ended. What was taken is dropped from the store: one reader
/// at a time.
public struct ItemResults: AsyncSequence {
    public typealias Element = ItemResult
    let job: SubmittedJob

    /// Begins with what nobody has taken yet.
    public func makeAsyncIterator() -> Iterator { Iterator(job: job) }

    /// Asks the store for more when the present ones are taken.
    public struct Iterator: AsyncIteratorProtocol {
        let job: SubmittedJob
        private var next = 0
        private var page: [ItemResult] = []
        private var at = 0

        init(job: SubmittedJob) { self.job = job }

        /// The next result; nil once the Job has ended and all are taken.
        public mutating func next() async throws(DroverError) -> ItemResult? {
            while at == page.count {
                let (version, hasEnded) = try await job.look()
                try await load()
                if !page.isEmpty { break }
                if hasEnded { return nil }
                try await job.client.changes.wait(after: version)
            }
            defer { at += 1 }
            return page[at]
        }

        private mutating func load() async throws(DroverError) {
            let broker = job.client.broker, uid = job.uid, first = next
            let found = try await DroverError.calling { () async throws(BrokerError) in try await broker.results(job: uid, from: first) }
            next = found.first + found.batches.count
            (page, at) = (found.batches.flatMap { PackedResults.read($0).map { ItemResult(index: $0.index, bytes: $0.bytes) } }, 0)
        }
    }
}

extension SubmittedJob {
    /// What the Job's items come to.
    public func results() -> ItemResults { ItemResults(job: self) }

    /// The version of what is stored, and whether the Job has ended.
    func look() async throws(DroverError) -> (version: Int64, hasEnded: Bool) {
        let job = try await read()
        return (Int64(job.metadata.resourceVersion) ?? 0, job.status.isFinished)
    }
}
