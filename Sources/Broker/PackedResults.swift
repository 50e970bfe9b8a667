/// What items have come to, one after the other: the index, the length and the bytes of each, numbers as in `PackedItems`.
public struct PackedResults: Sendable, Hashable {
    /// The most bytes of a result.
    public static let longestResult = 4096
    /// A chunk with so many bytes of results is at its end.
    public static let mostBytes = 256 << 10

    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func append(_ index: Int, _ result: some Collection<UInt8>) {
        append(index)
        append(result.count)
        bytes.append(contentsOf: result)
    }

    private mutating func append(_ number: Int) {
        var rest = UInt(number)
        while rest > 127 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Reads a batch; what is no batch reads as far as it is one.
    public static func read(_ batch: [UInt8]) -> [(index: Int, bytes: [UInt8])] {
        var results: [(index: Int, bytes: [UInt8])] = [], at = 0
        func number() -> Int? {
            var number = 0, shift = 0
            while at < batch.count, shift < 56 {
                let byte = batch[at]
                at += 1
                number |= Int(byte & 127) << shift
                shift += 7
                if byte < 128 { return number }
            }
            return nil
        }
        while at < batch.count {
            guard let index = number(), let size = number(), size <= batch.count - at else { return results }
            results.append((index: index, bytes: Array(batch[at..<at + size])))
            at += size
        }
        return results
    }
}

/// Batches of results, in the order in which they came.
public struct ResultPage: Sendable, Hashable {
    /// The number of the first one.
    public var first: Int
    public var batches: [[UInt8]]

    public init(first: Int, batches: [[UInt8]]) { (self.first, self.batches) = (first, batches) }
}
