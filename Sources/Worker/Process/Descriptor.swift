import CLinux
import Glibc

/// A file descriptor that closes itself.
public final class Descriptor: Sendable {
    /// The descriptor's number; never use it after the last reference to this object is gone.
    public let number: Int32

    /// Takes over `number`, which nobody else may close.
    public init(owning number: Int32) {
        self.number = number
    }

    /// Opens `path` close-on-exec; nil with `errno` set on failure.
    public convenience init?(path: String, flags: Int32, mode: Int32 = 0o666) {
        let number = drover_open(path, flags, mode)
        guard number >= 0 else {
            errno = -number
            return nil
        }
        self.init(owning: number)
    }

    deinit {
        close(number)
    }

    /// Reads at most `limit` bytes at `offset`; empty at the end or on error.
    public func read(at offset: Int64, limit: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            count = max(0, pread(number, buffer.baseAddress, limit, off_t(offset)))
        }
    }

    /// Writes all of `text` in one call; false on error or if not all of it was taken.
    @discardableResult
    public func write(_ text: StaticString) -> Bool {
        Glibc.write(number, text.utf8Start, text.utf8CodeUnitCount) == text.utf8CodeUnitCount
    }
}

/// The text of an errno value, like "No such file or directory".
public func errorText(_ code: Int32) -> String {
    String(cString: strerror(code))
}

/// Reads a small file of /proc or /sys whole; nil if it cannot be opened.
public func readSmallFile(_ path: String) -> String? {
    guard let file = Descriptor(path: path, flags: O_RDONLY) else { return nil }
    var bytes: [UInt8] = []
    while true {
        let chunk = file.read(at: Int64(bytes.count), limit: 16384)
        if chunk.isEmpty { return String(decoding: bytes, as: UTF8.self) }
        bytes += chunk
    }
}

/// The names in a directory without "." and ".."; empty if it cannot be read.
func directoryEntries(_ path: String, onlyDirectories: Bool = false) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        if onlyDirectories && entry.pointee.d_type != UInt8(DT_DIR) { continue }
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(cString: $0.bindMemory(to: CChar.self).baseAddress!) }
        if name != "." && name != ".." { names.append(name) }
    }
    return names
}
