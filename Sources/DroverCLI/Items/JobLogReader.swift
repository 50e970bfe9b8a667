import Glibc
import Worker

/// Reads which items of a job log succeeded: an item may stand there more than once, any success counts.
struct JobLogReader {
    private let path: String
    private var line = 0
    private var partial: [UInt8] = []
    /// The Seq less 1 of items that succeeded.
    private(set) var succeeded = ItemSet()
    /// Where the last whole line ends.
    private(set) var end = 0

    /// A longer line is no job log's: a command has at most 2 MiB.
    private static let longest = 16 << 20

    init(path: String) { self.path = path }

    /// Reads the file from where it stands; without a newline at the end the last line is left out.
    mutating func read(_ file: Descriptor, headerOnly: Bool) throws(JobLogError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while !(headerOnly && line > 0) {
            let count = Glibc.read(file.number, buffer.baseAddress, buffer.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw JobLogError("--joblog \(path): \(errorText(errno))") }
            if count == 0 { break }
            try feed(UnsafeRawBufferPointer(rebasing: buffer[..<count]), headerOnly: headerOnly)
        }
        // A header that was cut short is still a job log's; anything else must not be overwritten.
        if line == 0, !JobLogLine.header.utf8.starts(with: partial) { throw bad("not a job log: its first line is not the header") }
    }

    private mutating func feed(_ bytes: UnsafeRawBufferPointer, headerOnly: Bool) throws(JobLogError) {
        var rest = bytes[...]
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            partial += rest[..<newline]
            try take()
            if headerOnly { return }
            rest = rest[(newline + 1)...]
        }
        partial += rest
        if partial.count > Self.longest { throw bad("not a job log: the line is longer than \(Self.longest >> 20) MiB") }
    }

    private mutating func take() throws(JobLogError) {
        if line == 0 {
            guard partial.elementsEqual(JobLogLine.header.utf8.dropLast()) else { throw bad("not a job log: its first line is not the header") }
        } else {
            guard let outcome = JobLogLine.outcome(partial) else {
                throw bad("not a line of a job log: 9 columns by tabs, Seq, Exitval and Signal numbers")
            }
            if outcome.succeeded { succeeded.insert(outcome.sequence - 1) }
        }
        line += 1
        end += partial.count + 1
        partial.removeAll(keepingCapacity: true)
    }

    private func bad(_ what: String) -> JobLogError { JobLogError("--joblog \(path):\(line + 1): \(what)") }
}
