/// A growing list of file offsets in blocks, so that growth copies nothing and leaves nothing unused but the end of the last block.
struct ItemOffsets: Sendable {
    private static let shift = 16
    private var blocks: [[Int]] = []
    private(set) var count = 0

    subscript(_ index: Int) -> Int { blocks[index >> Self.shift][index & (1 << Self.shift - 1)] }

    mutating func append(_ offset: Int) {
        if count & (1 << Self.shift - 1) == 0 {
            blocks.append([])
            blocks[blocks.count - 1].reserveCapacity(1 << Self.shift)
        }
        blocks[blocks.count - 1].append(offset)
        count += 1
    }
}
