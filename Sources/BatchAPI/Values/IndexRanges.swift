/// A set of completion indexes as ascending, non-touching ranges: the meaning of `completedIndexes`,
/// `failedIndexes` and `succeededIndexes` (R60-R65).
public struct IndexRanges: Sendable, Hashable {
    /// The ranges in ascending order; between two of them lies at least one number.
    public private(set) var ranges: [ClosedRange<Int>]

    /// The empty set.
    public init() { ranges = [] }

    /// A set of ascending numbers; ones out of order are put where they belong.
    public init(_ indexes: some Sequence<Int>) {
        ranges = []
        for index in indexes { insert(index...index) }
    }

    /// A set of ranges in any order.
    public init(ranges: some Sequence<ClosedRange<Int>>) {
        self.ranges = []
        for range in ranges { insert(range) }
    }

    /// How many indexes the set holds.
    public var count: Int { ranges.reduce(0) { $0 + $1.count } }

    /// Whether the set holds nothing.
    public var isEmpty: Bool { ranges.isEmpty }

    /// Whether the set holds an index. Time: logarithmic in the number of ranges.
    public func contains(_ index: Int) -> Bool { range(containing: index) != nil }

    /// The range that an index stands in. Time: logarithmic in the number of ranges.
    public func range(containing index: Int) -> ClosedRange<Int>? {
        let position = firstRange(endingAtOrAfter: index)
        return position < ranges.count && ranges[position].contains(index) ? ranges[position] : nil
    }

    /// What the set holds and `other` does not. Time: linear in the number of ranges.
    public func subtracting(_ other: IndexRanges) -> IndexRanges {
        var rest = IndexRanges(), hole = 0
        for range in ranges {
            var first = range.lowerBound
            while hole < other.ranges.count, other.ranges[hole].upperBound < first { hole += 1 }
            var next = hole
            while next < other.ranges.count, other.ranges[next].lowerBound <= range.upperBound {
                if other.ranges[next].lowerBound > first { rest.insert(first...(other.ranges[next].lowerBound - 1)) }
                first = other.ranges[next].upperBound + 1
                next += 1
            }
            if first <= range.upperBound { rest.insert(first...range.upperBound) }
        }
        return rest
    }

    /// Adds an index.
    public mutating func insert(_ index: Int) { insert(index...index) }

    /// Adds a range. Time: constant at the end of the set, else linear in the number of ranges.
    public mutating func insert(_ range: ClosedRange<Int>) {
        guard let last = ranges.last, range.lowerBound <= last.upperBound + 1 else {
            ranges.append(range)
            return
        }
        let start = firstRange(endingAtOrAfter: range.lowerBound - 1)
        var end = start
        var merged = range
        while end < ranges.count, ranges[end].lowerBound <= range.upperBound + 1 {
            merged = min(merged.lowerBound, ranges[end].lowerBound)...max(merged.upperBound, ranges[end].upperBound)
            end += 1
        }
        ranges.replaceSubrange(start..<end, with: [merged])
    }

    private func firstRange(endingAtOrAfter index: Int) -> Int {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < index { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The lowest index that both sets hold (R64).
    public func firstOverlap(with other: IndexRanges) -> Int? {
        var (mine, theirs) = (0, 0)
        while mine < ranges.count, theirs < other.ranges.count {
            let (left, right) = (ranges[mine], other.ranges[theirs])
            if left.overlaps(right) { return max(left.lowerBound, right.lowerBound) }
            if left.upperBound < right.upperBound { mine += 1 } else { theirs += 1 }
        }
        return nil
    }

    /// The text form (R60): three or more in a row as `first-last`, two as `a,b`.
    public var text: String {
        ranges.map { range in
            switch range.count {
            case 1: "\(range.lowerBound)"
            case 2: "\(range.lowerBound),\(range.upperBound)"
            default: "\(range.lowerBound)-\(range.upperBound)"
            }
        }.joined(separator: ",")
    }
}

extension IndexRanges {
    /// Reads text leniently, as the controller does (R62): unreadable fragments are skipped, a range that
    /// starts at or above `completions` ends the scan, an end beyond is cut.
    public init(lenient text: String, completions: Int) {
        self.init()
        for fragment in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let limits = fragment.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map { Int(Substring($0)) }
            guard let first = limits[0] else { continue }
            if first >= completions { break }
            guard let last = limits.count > 1 ? limits[1] : first, last >= first else { continue }
            insert(first...min(last, completions - 1))
        }
    }

    /// Why a text is refused; `description` is Kubernetes' own wording (R63).
    public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// Reads text strictly, as API writes demand (R63): ascending, every number below `completions`.
    public init(strict text: String, completions: Int) throws(ParseError) {
        self.init()
        guard !text.isEmpty else { return }
        var previous: Int?
        for fragment in text.split(separator: ",", omittingEmptySubsequences: false) {
            let limits = fragment.split(separator: "-", omittingEmptySubsequences: false)
            guard limits.count <= 2 else { throw Self.tooManyParts(fragment) }
            let first = try Self.index(limits[0], below: completions, after: previous)
            let last = limits.count > 1 ? try Self.index(limits[1], below: completions, after: first) : first
            insert(first...last)
            previous = last
        }
    }

    private static func index(_ text: Substring, below completions: Int, after previous: Int?) throws(ParseError) -> Int {
        guard let index = Int(text), index >= 0 else {
            throw ParseError(description: "cannot convert string to integer for index: \(Value.string(String(text)).encoded())")
        }
        if index >= completions { throw ParseError(description: "too large index: \"\(text)\"") }
        if let previous, index <= previous {
            throw ParseError(description: "non-increasing order, previous: \(previous), current: \(index)")
        }
        return index
    }

    private static func tooManyParts(_ fragment: Substring) -> ParseError {
        let rule = "violates the requirement that an index interval can have at most two parts separated by '-'"
        return ParseError(description: "the fragment \(Value.string(String(fragment)).encoded()) \(rule)")
    }
}
