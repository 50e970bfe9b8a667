/// Puts the outputs of items into the order of the items (`-k`). It holds indexes only, one bit each: the outputs wait in their files.
///
///     order.finished(index)
///     while let ready = order.next() { show(ready) }
struct OrderedOutput: Sendable {
    private let skipped: ItemSet
    private var finished = ItemSet()
    private var cursor = 0

    /// - Parameter skipped: items that will not be run (`--resume`): the others do not wait for them.
    init(skipping skipped: ItemSet = ItemSet()) { self.skipped = skipped }

    /// Takes in that an item is over and all its output written; said again it changes nothing.
    mutating func finished(_ index: Int) { finished.insert(index) }

    /// The next item whose output may be shown now, each once; nil while the one in turn is not over.
    mutating func next() -> Int? {
        while skipped.contains(cursor), !finished.contains(cursor) { cursor += 1 }
        guard finished.contains(cursor) else { return nil }
        cursor += 1
        return cursor - 1
    }

    /// At the end of a run that was stopped: the next finished item, gaps passed over; nil when none is left.
    mutating func nextAfterGaps(below count: Int) -> Int? {
        while cursor < count, !finished.contains(cursor) { cursor += 1 }
        return cursor < count ? next() : nil
    }
}
