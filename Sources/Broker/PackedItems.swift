/// Items one after the other, as they go over the wire and lie in the store: each as its length (`PackedNumber`) and
/// its bytes.
public struct PackedItems: Sendable, Hashable {
    /// The most bytes of an item.
    public static let longestItem = 65_536

    public private(set) var bytes: [UInt8] = []
    /// Where each item ends in `bytes`.
    public private(set) var ends: [Int] = []

    public init() {}

    public var count: Int { ends.count }

    public mutating func append(_ item: some Collection<UInt8>) {
        bytes.append(packed: item.count)
        bytes.append(contentsOf: item)
        ends.append(bytes.count)
    }

    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    /// Some of the items, as they lie.
    public subscript(items: Range<Int>) -> ArraySlice<UInt8> {
        items.isEmpty ? [] : bytes[(items.lowerBound == 0 ? 0 : ends[items.lowerBound - 1])..<ends[items.upperBound - 1]]
    }

    /// Where the slabs end that the items reach into, if the first of them has that index: as ranges of the items.
    public func slabs(of size: Int, from index: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var at = 0
        while at < count {
            let next = min(count, at + size - (index + at) % size)
            ranges.append(at..<next)
            at = next
        }
        return ranges
    }

    /// Items per slab that keep a slab of such items near 8,000 bytes.
    public var fittingSlab: Int { max(1, min(128, 8000 / (bytes.count / max(1, count) + 1))) }
}

/// Reads packed items one by one.
public struct PackedReader: Sendable {
    private var rest: PackedBytes

    public init(_ bytes: [UInt8]) { rest = PackedBytes(bytes) }

    /// The next item; nil at the end, or where the bytes are not packed items.
    public mutating func next() -> ArraySlice<UInt8>? { rest.number(digits: 3).flatMap { rest.take($0) } }
}
