import CLinux
import Glibc
import Synchronization

/// A long-lived process that takes items on its standard input and tells outcomes on its standard output.
final class StreamProcess: @unchecked Sendable {
    let pod: PodProcesses
    /// The ends of its pipes; neither blocks.
    private(set) var input: Descriptor?
    let output: Descriptor
    /// Where its error output goes.
    let log: LogFile
    // Of the one thread that pumps.
    private var inbox: [UInt8] = []
    private var start = 0
    private var scanned = 0

    private enum Use { case busy, idle, closed }
    private let use = Mutex(Use.busy)

    static let longestLine = 1 << 20
    private static let readSize = 65_536

    init(pod: PodProcesses, input: Descriptor, output: Descriptor, log: LogFile) { (self.pod, self.input, self.output, self.log) = (pod, input, output, log) }

    /// Whether it may be used (again); not once it has been closed for having been idle.
    func take() -> Bool {
        use.withLock { use in
            if use == .idle { use = .busy }
            return use == .busy && pod.main.status == nil
        }
    }

    func rest() { use.withLock { if $0 == .busy { $0 = .idle } } }

    /// Whether it has been idle until now, and is closed.
    func closeIfIdle() -> Bool {
        use.withLock { use in
            guard use == .idle else { return false }
            use = .closed
            return true
        }
    }

    /// Nothing more will come for it; nobody pumps now.
    func closeInput() { input = nil }

    // MARK: Output

    /// Takes in what is there; false at the end.
    func read() -> Bool {
        if start > 0 {
            inbox.removeFirst(start)
            (scanned, start) = (scanned - start, 0)
        }
        let old = inbox.count
        inbox.append(contentsOf: repeatElement(0, count: Self.readSize))
        let count = inbox.withUnsafeMutableBytes { Glibc.read(output.number, $0.baseAddress! + old, Self.readSize) }
        let code = errno
        inbox.removeLast(Self.readSize - max(0, count))
        return count > 0 || count < 0 && (code == EAGAIN || code == EINTR)
    }

    /// The next whole line, without its end.
    func nextLine() -> ArraySlice<UInt8>? {
        let end = inbox.withUnsafeBytes { bytes -> Int? in
            guard scanned < bytes.count, let found = memchr(bytes.baseAddress! + scanned, 10, bytes.count - scanned) else { return nil }
            return UnsafeRawPointer(found) - bytes.baseAddress!
        }
        guard let end else {
            scanned = inbox.count
            return nil
        }
        defer { (start, scanned) = (end + 1, end + 1) }
        return inbox[start..<end]
    }

    var lineIsTooLong: Bool { inbox.count - start > Self.longestLine }
}
