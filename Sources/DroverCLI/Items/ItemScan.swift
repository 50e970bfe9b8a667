import CLinux
import Glibc
import Worker

/// Finds where items begin, fed with the file's bytes in order.
struct ItemScan {
    private let name: String
    private let separator: UInt8
    private let maximum: Int
    private var offsets = ItemOffsets()
    private var size = 0
    private var start = 0

    /// - Parameter maximum: how many items are taken.
    init(name: String, separator: UInt8, maximum: Int = ItemTable.maximumCount) {
        (self.name, self.separator, self.maximum) = (name, separator, maximum)
    }

    mutating func feed(_ bytes: UnsafeRawBufferPointer) throws(ItemError) {
        guard var place = bytes.baseAddress else { return }
        let end = place + bytes.count
        while place < end, let found = memchr(place, Int32(separator), end - place) {
            offsets.append(start)
            place = UnsafeRawPointer(found) + 1
            start = size + (place - bytes.baseAddress!)
            if offsets.count > maximum { throw .tooMany(name) }
        }
        size += bytes.count
    }

    /// Where each item begins, then one past the separator of the last item, which may lie past the file's end.
    consuming func finish() -> ItemOffsets {
        offsets.append(start)
        if start < size { offsets.append(size + 1) }
        return offsets
    }

    /// Feeds a file from its beginning to its end.
    mutating func read(_ file: Descriptor) throws(ItemError) {
        try ItemScan.chunks(of: file, name) { bytes throws(ItemError) in try feed(bytes) }
    }

    /// Calls `body` with pieces of what is left in a file.
    static func chunks(of file: Descriptor, _ name: String, _ body: (UnsafeRawBufferPointer) throws(ItemError) -> Void) throws(ItemError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = Glibc.read(file.number, buffer.baseAddress, buffer.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw .unreadable(name, reason: errorText(errno)) }
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}

/// A copy of what can be read only once, in a file that has no name and goes with its last descriptor.
enum ItemSpool {
    static func copy(_ source: Descriptor, name: String, folder: String, scan: inout ItemScan) throws(ItemError) -> Descriptor {
        let copy = try make(name, folder)
        try ItemScan.chunks(of: source, name) { bytes throws(ItemError) in
            try write(bytes, to: copy, name, folder)
            try scan.feed(bytes)
        }
        return copy
    }

    private static func make(_ name: String, _ folder: String) throws(ItemError) -> Descriptor {
        var template = Array("\(folder)/drover-items-XXXXXX".utf8CString)
        let number = mkstemp(&template)
        guard number >= 0 else { throw .unreadable(name, reason: "no file in \(folder) for a copy of it: \(errorText(errno))") }
        unlink(template)
        drover_set_cloexec(number, 1)
        return Descriptor(owning: number)
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to file: Descriptor, _ name: String, _ folder: String) throws(ItemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(file.number, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count > 0 { rest = rest.dropFirst(count) } else if errno == ENOSPC || errno == EDQUOT || errno == EFBIG {
                throw .noSpace(name: name, folder: folder)
            } else if errno != EINTR { throw .unreadable(name, reason: "copying it to \(folder): \(errorText(errno))") }
        }
    }
}
