import BatchAPI
import Glibc

/// What a container leaves as its last word: a file, or the end of its log.
public struct TerminationMessage: Sendable, Hashable {
    public static let defaultPath = "/dev/termination-log"
    /// As Kubernetes has it.
    private static let limit = 4096, logLimit = 2048, logLines = 80

    /// Where the container finds the file; nil: it has none.
    public var path: String?
    /// A failed container without a message shows the end of its log.
    public var fallsBack = false

    public init() {}

    /// A file costs a mount namespace. Where no other mount is asked for, the usual path is there for those who name it.
    init(_ container: Container, isMounted: Bool, arguments: [[UInt8]], isRoot: Bool) {
        let path = container.raw["terminationMessagePath"]?.string ?? Self.defaultPath
        let isNamed = arguments.contains { String(decoding: $0, as: UTF8.self).contains(path) }
        self.path = path != Self.defaultPath || (isRoot && (isMounted || isNamed)) ? path : nil
        fallsBack = container.raw["terminationMessagePolicy"]?.string == "FallbackToLogsOnError"
    }

    /// What was left in `file`; it is emptied for the next run.
    func read(_ file: String?, log: String?, hasFailed: Bool) -> String {
        if let file, let written = Descriptor(path: file, flags: O_RDWR | O_NOFOLLOW) {
            let bytes = written.read(at: 0, limit: Self.limit)
            ftruncate(written.number, 0)
            if !bytes.isEmpty { return String(decoding: bytes, as: UTF8.self) }
        }
        guard fallsBack, hasFailed, let log else { return "" }
        let text = String(decoding: LogReader.tail(path: log, bytes: Self.logLimit), as: UTF8.self)
        return text.split(separator: "\n", omittingEmptySubsequences: false).suffix(Self.logLines).joined(separator: "\n")
    }
}
