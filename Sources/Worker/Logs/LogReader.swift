import CLinux
import Glibc

/// Reads a log from outside, while its container runs or later.
public struct LogReader: Sendable {
    private let path: String
    private let file: Descriptor

    /// Opens the log at this path.
    public init(path: String) throws(LogError) {
        self.path = path
        guard let file = Descriptor(path: path, flags: O_RDONLY) else { throw LogError(path: path, code: errno) }
        self.file = file
    }

    /// Where reading starts.
    public func cursor(_ options: LogOptions) -> LogCursor {
        let state = currentState()
        var offset = lineStart(after: drover_first_data(file.number, 0))
        if let lines = options.tailLines { offset = max(offset, tailOffset(lines: lines, end: state.end, floor: offset)) }
        if let since = options.since {
            let first = times(state).offset(since: since)
            offset = max(offset, first == state.end ? first : lineStart(atOrBefore: first, floor: offset))
        }
        return LogCursor(offset: offset, remaining: options.limitBytes, timestamps: options.timestamps)
    }

    /// The next bytes, formatted; empty if there are none at present. To follow, call it again when the file may have grown.
    ///
    /// - Parameters:
    ///   - chunk: Bytes of the file that are read at most; longer lines come in parts.
    ///   - ended: Whether nothing more will be written. Until then an unfinished last line is held back.
    public func read(_ cursor: inout LogCursor, chunk: Int = 65536, ended: Bool) -> [UInt8] {
        if cursor.isExhausted { return [] }
        skipHole(&cursor)
        let state = currentState()
        var bytes = file.read(at: cursor.offset, limit: chunk)
        if !(ended && bytes.count < chunk) && !(bytes.count == chunk && !bytes.contains(newline)) {
            bytes.removeSubrange(((bytes.lastIndex(of: newline) ?? -1) + 1)...)
        }
        if bytes.isEmpty { return [] }
        let output = cursor.timestamps ? stamped(bytes, &cursor, state) : bytes
        cursor.offset += Int64(bytes.count)
        cursor.isInsideLine = bytes.last != newline
        return limited(output, &cursor)
    }

    /// All that the options ask for at present, up to `maximum` bytes of output or a little more.
    public func read(_ options: LogOptions, ended: Bool, maximum: Int = .max) -> [UInt8] {
        var cursor = cursor(options)
        var output: [UInt8] = []
        while output.count < maximum {
            let part = read(&cursor, ended: ended)
            if part.isEmpty { break }
            output += part
        }
        return output
    }

    /// The last bytes of a log, from a line's start if one begins in them; empty if it cannot be read.
    public static func tail(path: String, bytes limit: Int = 4096) -> [UInt8] {
        guard let reader = try? LogReader(path: path) else { return [] }
        let end = reader.currentState().end
        let start = max(0, end - Int64(limit), drover_first_data(reader.file.number, 0))
        let bytes = reader.file.read(at: start, limit: Int(end - start))
        guard start > 0, reader.file.read(at: start - 1, limit: 1) != [newline], let line = bytes.firstIndex(of: newline), line + 1 < bytes.count
        else { return bytes }
        return Array(bytes[(line + 1)...])
    }

    private func stamped(_ bytes: [UInt8], _ cursor: inout LogCursor, _ state: LogStretch) -> [UInt8] {
        var times = times(state)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count * 2)
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: newline).map { $0 + 1 } ?? bytes.count
            if start > 0 || !cursor.isInsideLine {
                output += LineTime.text(nanoseconds: times.time(at: cursor.offset + Int64(end) - 1)).utf8
                output.append(UInt8(ascii: " "))
            }
            output += bytes[start..<end]
            start = end
        }
        return output
    }

    private func limited(_ output: [UInt8], _ cursor: inout LogCursor) -> [UInt8] {
        guard let remaining = cursor.remaining else { return output }
        let part = output.prefix(remaining)
        cursor.remaining = remaining - part.count
        return Array(part)
    }

    /// The head may have been punched out under a slow reader: what is left of a cut line is dropped.
    private func skipHole(_ cursor: inout LogCursor) {
        let data = drover_first_data(file.number, cursor.offset)
        if data > cursor.offset { (cursor.offset, cursor.isInsideLine) = (lineStart(after: data), false) }
    }

    private func currentState() -> LogStretch {
        var state = LogStretch(end: 0, time: 0)
        drover_file_state(file.number, &state.end, &state.time)
        return state
    }

    private func times(_ state: LogStretch) -> LogTimes {
        LogTimes(path: LogFile.timesPath(of: path), last: state)
    }

    /// Zero for a whole file, else the first line that begins after `offset`.
    private func lineStart(after offset: Int64) -> Int64 {
        if offset == 0 { return 0 }
        var position = offset
        while true {
            let bytes = file.read(at: position, limit: 65536)
            if bytes.isEmpty { return position }
            if let index = bytes.firstIndex(of: newline) { return position + Int64(index) + 1 }
            position += Int64(bytes.count)
        }
    }

    /// The start of the line that holds the byte at `offset`.
    private func lineStart(atOrBefore offset: Int64, floor: Int64) -> Int64 {
        lineBreak(before: offset, floor: floor, skipping: 0)
    }

    /// Where the last `lines` lines begin.
    private func tailOffset(lines: Int, end: Int64, floor: Int64) -> Int64 {
        if lines <= 0 { return end }
        let endsWithBreak = end > floor && file.read(at: end - 1, limit: 1) == [newline]
        return lineBreak(before: endsWithBreak ? end - 1 : end, floor: floor, skipping: lines - 1)
    }

    /// The place after the last newline before `offset` but `skipping`; `floor` if there is none.
    private func lineBreak(before offset: Int64, floor: Int64, skipping: Int) -> Int64 {
        var (position, skipping) = (offset, skipping)
        while position > floor {
            let start = max(floor, position - 65536)
            let bytes = file.read(at: start, limit: Int(position - start))
            if bytes.isEmpty { return floor }
            for index in bytes.indices.reversed() where bytes[index] == newline {
                if skipping == 0 { return start + Int64(index) + 1 }
                skipping -= 1
            }
            position = start
        }
        return floor
    }
}

private let newline = UInt8(ascii: "\n")
