import CLinux
import Glibc

/// The file that a container writes its output to, straight, without the worker in between. Next to it,
/// "<path>.times" holds when each stretch was written, if the container lived long enough to be sampled.
///
/// An attempt that is over within a tick costs one open and one close.
public final class LogFile: Sendable {
    /// The file's path.
    public let path: String
    /// For ``ProcessSpec``'s `output` and `errorOutput`.
    public var output: ProcessSpec.Output { .descriptor(file.number) }

    let file: Descriptor

    /// Makes the file, and its directory if that is missing; an existing file is appended to. 0640 and 0750.
    public init(path: String) throws(LogError) {
        self.path = path
        file = try Self.open(path)
    }

    private static func open(_ path: String) throws(LogError) -> Descriptor {
        for _ in 0..<2 {
            if let file = Descriptor(path: path, flags: O_WRONLY | O_CREAT | O_APPEND, mode: 0o640) { return file }
            guard errno == ENOENT, makeDirectories(above: path) else { break }
        }
        throw LogError(path: path, code: errno)
    }

    /// Whether nothing has been written yet.
    var isEmpty: Bool {
        var size: Int64 = 0, time: Int64 = 0
        return drover_file_state(file.number, &size, &time) == 0 && size == 0
    }

    /// Removes a log and its times; nothing happens if there is none.
    public static func remove(path: String) {
        unlink(path)
        unlink(timesPath(of: path))
    }

    /// Gives the disk back what stands before `end`, for who has read it.
    public static func free(path: String, upTo end: Int64) {
        if end > 0, let file = Descriptor(path: path, flags: O_WRONLY) { drover_punch_head(file.number, end & ~0xFFFF) }
    }

    static func timesPath(of path: String) -> String { path + ".times" }
}

/// A log file that could not be made or read.
public struct LogError: Error, Sendable, Equatable, CustomStringConvertible {
    public var path: String
    /// The errno.
    public var code: Int32

    public var description: String { "\(path): \(errorText(code))" }
}

/// Makes the directories that `path` needs, 0750; false with `errno` set on failure.
private func makeDirectories(above path: String) -> Bool {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return true }
    let directory = String(path[..<slash])
    if mkdir(directory, 0o750) == 0 || errno == EEXIST { return true }
    guard errno == ENOENT, makeDirectories(above: directory) else { return false }
    return mkdir(directory, 0o750) == 0 || errno == EEXIST
}
