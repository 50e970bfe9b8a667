import BatchAPI

/// What items have come to, one after the other: the index, the length and the bytes of each, numbers as in `PackedItems`.
public struct PackedResults: Sendable, Hashable {
    /// The most bytes of a result.
    public static let longestResult = 4096
    /// A chunk with so many bytes of results is at its end.
    public static let mostBytes = 256 << 10

    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func append(_ index: Int, _ result: some Collection<UInt8>) {
        bytes.append(packed: index)
        bytes.append(packed: result.count)
        bytes.append(contentsOf: result)
    }

    /// A result as a line of JSON: `index`, and `result`, its text, or `base64`, where it is not UTF-8.
    public static func line(index: Int, bytes: [UInt8]) -> [UInt8] {
        var line: Value = ["index": .int(Int64(index))]
        if let text = String(validating: bytes, as: UTF8.self) { line["result"] = .string(text) } else { line["base64"] = .string(Base64.encode(bytes)) }
        return line.encodedBytes + [UInt8(ascii: "\n")]
    }

    /// Reads a batch; what is no batch reads as far as it is one.
    public static func read(_ batch: [UInt8]) -> [(index: Int, bytes: [UInt8])] {
        var results: [(index: Int, bytes: [UInt8])] = [], rest = PackedBytes(batch)
        while !rest.isAtEnd {
            guard let index = rest.number(digits: 8), let size = rest.number(digits: 8), let bytes = rest.take(size) else { return results }
            results.append((index: index, bytes: Array(bytes)))
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
