import BatchAPI
import Broker
import Synchronization
import Worker

/// Shows the output of running attempts as it comes, whole lines, each once: `drover run -f`.
final class LiveOutput: Sendable {
    /// A log that is being followed.
    private struct Followed {
        var path: String
        var reader: LogReader
        var cursor: LogCursor
        var prefix: [UInt8]
        var freed: Int64 = 0
    }

    private let output: StandardOutput
    private let showsPrefix: Bool
    private let followed = Mutex<[AttemptKey: [String: Followed]]>([:])
    private static let interval = Duration.milliseconds(50)
    /// Bytes of a log that are shown at a time, or a little more.
    private static let pass = 1 << 20

    init(output: StandardOutput, showsPrefix: Bool) { (self.output, self.showsPrefix) = (output, showsPrefix) }

    func began(_ grant: Grant, log: String) {
        guard let reader = try? LogReader(path: log) else { return }
        let prefix = showsPrefix ? Array("[\(grant.pod)] ".utf8) : []
        let one = Followed(path: log, reader: reader, cursor: reader.cursor(LogOptions()), prefix: prefix)
        followed.withLock { $0[AttemptKey(grant), default: [:]][log] = one }
    }

    /// Shows what is left of an attempt that is over.
    func ended(_ grant: Grant) async {
        guard let logs = followed.withLock({ $0.removeValue(forKey: AttemptKey(grant)) }) else { return }
        for log in logs.keys.sorted() {
            var one = logs[log]!
            while true {
                let bytes = Self.read(&one, ended: true)
                if bytes.isEmpty { break }
                await output.write(bytes)
            }
        }
    }

    /// Follows until cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            for key in followed.withLock({ Array($0.keys) }) { await show(key) }
        }
    }

    private func show(_ key: AttemptKey) async {
        let bytes = followed.withLock { followed -> [UInt8] in
            var bytes: [UInt8] = []
            for log in followed[key]?.keys.sorted() ?? [] { bytes += Self.read(&followed[key]![log]!, ended: false) }
            return bytes
        }
        if !bytes.isEmpty { await output.write(bytes) }
    }

    private static func read(_ one: inout Followed, ended: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        // Who writes faster than this reads must not keep it here.
        while bytes.count < pass || bytes.last != newline {
            let part = one.reader.read(&one.cursor, ended: ended)
            if part.isEmpty { break }
            bytes += part
        }
        // What a report quotes stays.
        if one.cursor.offset - one.freed > 16 * Int64(pass) {
            one.freed = one.cursor.offset
            LogFile.free(path: one.path, upTo: one.freed - Int64(pass))
        }
        // The next pod's line must not join an unfinished one.
        if ended, let last = bytes.last, last != newline { bytes.append(newline) }
        return one.prefix.isEmpty ? bytes : prefixed(bytes, one.prefix)
    }

    private static func prefixed(_ bytes: [UInt8], _ prefix: [UInt8]) -> [UInt8] {
        bytes.split(separator: newline, omittingEmptySubsequences: false).dropLast().flatMap { prefix + $0 + [newline] }
    }
}

private let newline = UInt8(ascii: "\n")
