import BatchAPI
import Testing

@Suite struct IndexRangesTests {
    /// R61.
    @Test(arguments: [
        ([], ""), ([0], "0"), ([0, 1], "0,1"), ([0, 1, 2], "0-2"), ([1, 3, 4, 5, 7], "1,3-5,7"), ([0, 1, 3, 4], "0,1,3,4"),
        (Array(0..<500), "0-499"), ([2, 4, 5, 7, 8, 9], "2,4,5,7-9"), ([5, 3, 4, 1], "1,3-5"),
    ] as [([Int], String)])
    func formats(indexes: [Int], text: String) throws {
        let ranges = IndexRanges(indexes)
        #expect(ranges.text == text)
        #expect(ranges.count == indexes.count)
        #expect(try IndexRanges(strict: text, completions: 1000) == ranges)
        #expect(IndexRanges(lenient: text, completions: 1000) == ranges)
    }

    /// R62.
    @Test(arguments: [
        ("0-1", 5, "0,1"), ("0,1", 5, "0,1"), ("0-9", 5, "0-4"), ("3,7,1", 5, "3"), ("x,2", 5, "2"), ("1-x,2", 5, "2"), ("", 5, ""),
        ("4,5", 5, "4"), (",1,", 5, "1"), ("-1,2", 5, "2"), ("0-2,3", 9, "0-3"),
    ])
    func readsLeniently(text: String, completions: Int, result: String) {
        #expect(IndexRanges(lenient: text, completions: completions).text == result)
    }

    @Test(arguments: [
        ("0-9", "3", "0-2,4-9"), ("0-9", "0,9", "1-8"), ("0-9", "0-20", ""), ("1,3,5-8", "2-5,8", "1,6,7"), ("1,2", "", "1,2"), ("", "1", ""),
        ("0-4,6-9", "4-6", "0-3,7-9"),
    ])
    func subtracts(left: String, right: String, result: String) {
        let rest = IndexRanges(lenient: left, completions: 100).subtracting(IndexRanges(lenient: right, completions: 100))
        #expect(rest.text == result)
    }

    /// R63.
    @Test(arguments: [
        ("0,5", "too large index: \"5\""), ("0-5", "too large index: \"5\""), ("3,2", "non-increasing order, previous: 3, current: 2"),
        ("2-1", "non-increasing order, previous: 2, current: 1"), ("1-1", "non-increasing order, previous: 1, current: 1"),
        ("x", "cannot convert string to integer for index: \"x\""), ("1,", "cannot convert string to integer for index: \"\""),
        ("0-1-2", "the fragment \"0-1-2\" violates the requirement that an index interval can have at most two parts separated by '-'"),
    ])
    func readsStrictly(text: String, message: String) {
        do {
            _ = try IndexRanges(strict: text, completions: 5)
            Issue.record("accepted")
        } catch { #expect(error.description == message) }
    }

    @Test func setOperations() {
        var ranges = IndexRanges(ranges: [5...7, 0...1, 9...9])
        ranges.insert(8)
        #expect(ranges.ranges == [0...1, 5...9])
        ranges.insert(1...5)
        #expect(ranges.ranges == [0...9])
        #expect(ranges.contains(9) && !ranges.contains(10) && !IndexRanges().contains(0))
        #expect(IndexRanges([1, 4]).firstOverlap(with: IndexRanges([2, 4])) == 4)
        #expect(IndexRanges([1, 4]).firstOverlap(with: IndexRanges([2, 3])) == nil)
    }

    /// R65: the worst case within the bounds stays quick.
    @Test func manyRanges() {
        let ranges = IndexRanges(stride(from: 0, to: 200_000, by: 2))
        #expect(IndexRanges(lenient: ranges.text, completions: 200_000) == ranges)
    }
}
