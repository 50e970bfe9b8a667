/// Items with payloads, for Jobs that have them pushed.
public protocol ItemStore: Sendable {
    /// Appends items to a Job, or closes it. The same call again changes nothing.
    /// - Throws: `.notFound`; `.unusable` if the Job takes no items.
    func push(_ push: ItemPush) async throws(BrokerError) -> PushReply
    /// Results from a batch on; those before it are dropped.
    /// - Throws: `.notFound`.
    func results(job: String, from batch: Int) async throws(BrokerError) -> ResultPage
}

/// Items that come to a Job.
public struct ItemPush: Sendable {
    /// More bytes or items than this are pushed by several calls.
    public static let mostBytes = 1 << 20, mostItems = 8192, mostSlabs = 500

    /// How many items one call takes of a Job with so many items per slab; 0: that is not known yet.
    public static func most(slab: Int) -> Int { slab == 0 ? mostItems : min(mostItems, slab * mostSlabs) }

    public var job: String
    /// The index of the first of them: as many as were pushed before.
    public var first: Int
    public var items: PackedItems
    /// Items per slab of this Job, as the last reply said; the first push may choose.
    public var slab: Int
    /// No more will come.
    public var isLast: Bool
    /// Who pushes, where several do: an id of its own. What others have pushed at that place is not taken for its, for a minute. "": nobody else does.
    public var pusher: String

    public init(job: String, first: Int, items: PackedItems, slab: Int, isLast: Bool = false, pusher: String = "") {
        (self.job, self.first, self.items, self.slab, self.isLast, self.pusher) = (job, first, items, slab, isLast, pusher)
    }
}

/// What became of a push.
public struct PushReply: Sendable, Hashable {
    public enum Result: String, Sendable, Hashable {
        /// The Job has them.
        case taken = "OK"
        /// The Job had them already. Where no pusher is named, others may have pushed what is there.
        case had = "HAD"
        /// The first index is not the next one, or the slabs have another size; see `count` and `slab`.
        case gap = "GAP"
        /// Too much waits: try later.
        case full = "FULL"
        /// No more items were to come.
        case closed = "CLOSED"
        /// The Job has ended.
        case ended = "ENDED"
    }

    public var result: Result
    /// How many items the Job has.
    public var count: Int
    /// Its items per slab; 0: there is none yet.
    public var slab: Int

    public init(result: Result, count: Int, slab: Int) { (self.result, self.count, self.slab) = (result, count, slab) }
}
