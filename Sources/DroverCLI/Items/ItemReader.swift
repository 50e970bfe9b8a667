import Broker
import Glibc
import Worker

/// Reads items as they come, from a file or pipe, each as `ItemTable` tells them apart; nothing but the one that is not whole yet is held.
struct ItemReader: Sendable {
    private let file: Descriptor
    private let name: String
    private let separator: UInt8
    private var partial: [UInt8] = []
    private var count = 0
    private var isAtEnd = false

    /// - Parameter path: `-` for stdin.
    init(path: String, nulSeparated: Bool) throws(ItemError) {
        name = path == "-" ? "stdin" : path
        separator = nulSeparated ? 0 : UInt8(ascii: "\n")
        file = try ItemTable.open(path, name)
    }

    /// The items that the next read completes; nil at the end. It may wait for who writes them.
    mutating func next() throws(ItemError) -> [[UInt8]]? {
        if isAtEnd { return nil }
        let bytes = try read()
        isAtEnd = bytes.isEmpty
        var items: [[UInt8]] = [], rest = bytes[...]
        while let end = rest.firstIndex(of: separator) {
            partial += rest[..<end]
            try take(&items)
            rest = rest[(end + 1)...]
        }
        partial += rest
        if isAtEnd, !partial.isEmpty { try take(&items) } else if partial.count > PackedItems.longestItem { throw tooLong }
        return items
    }

    private mutating func take(_ items: inout [[UInt8]]) throws(ItemError) {
        if partial.count > PackedItems.longestItem { throw tooLong }
        items.append(partial)
        partial.removeAll()
        count += 1
    }

    private var tooLong: ItemError { .tooLongToPush(name, line: count + 1) }

    private func read() throws(ItemError) -> [UInt8] {
        while true {
            var failure: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                let read = Glibc.read(file.number, buffer.baseAddress, buffer.count)
                (count, failure) = (max(0, read), read < 0 ? errno : 0)
            }
            if failure == 0 { return bytes }
            if failure != EINTR { throw .unreadable(name, reason: errorText(failure)) }
        }
    }
}
