import CLinux
import Glibc
import Synchronization
import Worker

/// `--joblog FILE`: a line for every item that is over, written at once.
///
/// Without `--resume` a job log that is there is replaced, as by GNU parallel; any other file is left alone and refused.
final class JobLog: Sendable {
    /// The Seq less 1 of items that succeeded before; empty without `--resume`.
    let succeeded: ItemSet
    private let file: Descriptor
    private let path: String
    private let lock = Mutex(())

    /// Opens or makes the file, and keeps other runs out of it. The half line that a crash left at its end is cut off.
    init(path: String, resume: Bool) throws(JobLogError) {
        self.path = path
        guard let file = Descriptor(path: path, flags: O_RDWR | O_CREAT | O_APPEND, mode: 0o644) else {
            throw JobLogError("--joblog \(path): \(errorText(errno))")
        }
        guard drover_lock(file.number) == 0 else { throw JobLogError("--joblog \(path): in use by another run: name another file") }
        var reader = JobLogReader(path: path)
        // A pipe or terminal has nothing to read back, and nothing to lose.
        if Self.isRegularFile(file) {
            try reader.read(file, headerOnly: !resume)
            guard ftruncate(file.number, resume ? off_t(reader.end) : 0) == 0 else { throw JobLogError("--joblog \(path): \(errorText(errno))") }
        }
        succeeded = reader.succeeded
        self.file = file
        if !resume || reader.end == 0 { try write(Array(JobLogLine.header.utf8)) }
    }

    /// Appends a line. Safe to call from any thread; a failure leaves at most a torn last line.
    func append(_ line: JobLogLine) throws(JobLogError) { try write(line.bytes) }

    private static func isRegularFile(_ file: Descriptor) -> Bool {
        var state = stat()
        return fstat(file.number, &state) == 0 && state.st_mode & S_IFMT == S_IFREG
    }

    private func write(_ bytes: [UInt8]) throws(JobLogError) {
        // One write call as a rule; the lock keeps the pieces of a cut one together.
        let failure = lock.withLock { _ -> Int32 in
            var offset = 0
            while offset < bytes.count {
                let count = bytes.withUnsafeBytes { Glibc.write(file.number, $0.baseAddress! + offset, bytes.count - offset) }
                if count > 0 { offset += count } else if errno != EINTR { return errno }
            }
            return 0
        }
        if failure != 0 { throw JobLogError("--joblog \(path): \(errorText(failure))") }
    }
}

/// Why a job log can't be used.
struct JobLogError: Error, Sendable, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
