/// A set of indexes from 0 on as a bitmap: one bit an index up to the highest, in any order of insertion.
struct ItemSet: Sendable, Equatable {
    private var words: [UInt64] = []
    /// How many indexes it holds.
    private(set) var count = 0

    init(_ indexes: some Sequence<Int> = []) {
        for index in indexes { insert(index) }
    }

    func contains(_ index: Int) -> Bool {
        index >= 0 && index >> 6 < words.count && words[index >> 6] & 1 << UInt64(index & 63) != 0
    }

    /// Adds an index of at least 0; false if it was there.
    @discardableResult
    mutating func insert(_ index: Int) -> Bool {
        precondition(index >= 0, "an index is at least 0")
        if contains(index) { return false }
        if index >> 6 >= words.count { words.append(contentsOf: repeatElement(0, count: index >> 6 + 1 - words.count)) }
        words[index >> 6] |= 1 << UInt64(index & 63)
        count += 1
        return true
    }
}
