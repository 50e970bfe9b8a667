import Glibc
import Worker

/// The items of `run --items FILE|-`, read by index. Only where each begins is held, 8 bytes an item; the text stays in the file.
///
/// An item is what stands before a separator (newline, or NUL with `-0`); the last needs none. As in GNU parallel, empty lines are
/// items and an empty file has none. All other bytes, a CR before the newline too, belong to the item.
final class ItemTable: Sendable {
    /// How many items there may be.
    static let maximumCount = 100_000_000

    /// As the user named it; "stdin" for `-`.
    let name: String
    private let file: Descriptor
    private let separator: UInt8
    private let offsets: ItemOffsets

    /// Reads a file once, `-` for stdin, and keeps it open. What is not a regular file is copied to an unlinked one in `folder`
    /// and read to its end first: this waits as long as its writer does.
    init(path: String, nulSeparated: Bool = false, folder: String? = nil) throws(ItemError) {
        name = path == "-" ? "stdin" : path
        separator = nulSeparated ? 0 : UInt8(ascii: "\n")
        let source = try Self.open(path, name)
        var scan = ItemScan(name: name, separator: separator)
        if Self.isRegularFile(source, path) {
            try scan.read(source)
            file = source
        } else {
            file = try ItemSpool.copy(source, name: name, folder: folder ?? environmentFolder("TMPDIR") ?? "/tmp", scan: &scan)
        }
        offsets = scan.finish()
    }

    /// How many items there are.
    var count: Int { offsets.count - 1 }

    /// The bytes of the item at `index` (from 0).
    /// - Throws: where the file was changed, or the item is longer than any argument may be.
    func item(_ index: Int) throws(ItemError) -> [UInt8] {
        precondition((0..<count).contains(index), "no item \(index)")
        let start = offsets[index], end = offsets[index + 1] - 1
        guard end - start <= argumentLimit else { throw .tooLong(name, line: index + 1, bytes: end - start) }
        // The separators around it are read too: they tell whether it still stands where it did.
        let from = max(0, start - 1)
        var bytes = [UInt8](repeating: separator, count: end + 1 - from)
        let isLast = index == count - 1
        let length = try read(&bytes, at: from, line: index + 1)
        guard length == bytes.count || isLast && length == bytes.count - 1 else { throw .changed(name, line: index + 1) }
        let item = bytes[(start - from)..<(end - from)]
        guard start == 0 || bytes[0] == separator, bytes[end - from] == separator, !item.contains(separator) else {
            throw .changed(name, line: index + 1)
        }
        return Array(item)
    }

    /// The first bytes of an item, for people to know it by; nil if they can't be read.
    func beginning(_ index: Int, limit: Int = 1000) -> [UInt8]? {
        let start = offsets[index]
        var bytes = [UInt8](repeating: 0, count: min(limit, offsets[index + 1] - 1 - start))
        return (try? read(&bytes, at: start, line: index + 1)) == bytes.count ? bytes : nil
    }

    private func read(_ bytes: inout [UInt8], at offset: Int, line: Int) throws(ItemError) -> Int {
        var length = 0
        while length < bytes.count {
            let rest = bytes.count - length
            let count = bytes.withUnsafeMutableBytes { pread(file.number, $0.baseAddress! + length, rest, off_t(offset + length)) }
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw .unreadable("\(name):\(line)", reason: errorText(errno)) }
            if count == 0 { break }
            length += count
        }
        return length
    }

    static func open(_ path: String, _ name: String) throws(ItemError) -> Descriptor {
        // A duplicate, since a Descriptor closes what it owns.
        if path == "-" {
            let copy = fcntl(0, F_DUPFD_CLOEXEC, 3)
            guard copy >= 0 else { throw .unreadable(name, reason: errorText(errno)) }
            return Descriptor(owning: copy)
        }
        guard let file = Descriptor(path: path, flags: O_RDONLY) else { throw .unreadable(name, reason: errorText(errno)) }
        return file
    }

    /// A redirected stdin may stand in the middle of its file, where a program before us left it: it is copied from there.
    private static func isRegularFile(_ file: Descriptor, _ path: String) -> Bool {
        var state = stat()
        guard path != "-", fstat(file.number, &state) == 0 else { return false }
        // /proc files say that they are regular and have no size.
        return state.st_mode & S_IFMT == S_IFREG && state.st_size > 0
    }
}

/// An absolute folder from the environment.
func environmentFolder(_ variable: String) -> String? {
    guard let value = getenv(variable).map({ String(cString: $0) }), value.hasPrefix("/") else { return nil }
    return value
}
