import CLinux
import Glibc

/// One record of a times file: all bytes before `end`, from the record before on, had been written at `time` at the latest.
/// 16 bytes: `end` as Int64, `time` as Int64 in ns since 1970, native byte order; records ascend in both.
struct LogStretch: Equatable {
    var end: Int64
    var time: Int64

    static let size: Int64 = 16

    var encoded: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(Self.size))
        bytes.put(end, at: 0)
        bytes.put(time, at: 8)
        return bytes
    }
}

/// The times of a log: its records, then one for what came after them, dated by the file's last write.
struct LogTimes {
    private let file: Descriptor?
    private let count: Int64
    private let last: LogStretch
    private var cached: (start: Int64, stretch: LogStretch)?

    /// - Parameter last: The log's size and last write.
    init(path: String, last: LogStretch) {
        file = Descriptor(path: path, flags: O_RDONLY)
        var size: Int64 = 0
        var modified: Int64 = 0
        if let file { drover_file_state(file.number, &size, &modified) }
        count = size / LogStretch.size
        self.last = last
    }

    /// When the byte at `offset` was written, in ns since 1970.
    mutating func time(at offset: Int64) -> Int64 {
        if let cached, offset >= cached.start, offset < cached.stretch.end { return cached.stretch.time }
        let index = firstIndex { $0.end > offset }
        let stretch = record(index)
        cached = (index == 0 ? 0 : record(index - 1).end, stretch)
        return stretch.time
    }

    /// Where the first byte stands that was written at `time` or later: the log's size if there is none.
    func offset(since time: Int64) -> Int64 {
        let index = firstIndex { $0.time >= time }
        if index > count || record(index).time < time { return last.end }
        return index == 0 ? 0 : record(index - 1).end
    }

    /// Records that a hole has swallowed read as zero, which keeps the order.
    private func record(_ index: Int64) -> LogStretch {
        guard index < count, let bytes = file?.read(at: index * LogStretch.size, limit: Int(LogStretch.size)), bytes.count == LogStretch.size
        else { return last }
        return LogStretch(end: bytes.get(0), time: bytes.get(8))
    }

    private func firstIndex(_ condition: (LogStretch) -> Bool) -> Int64 {
        var (low, high) = (Int64(0), count)
        while low < high {
            let middle = (low + high) / 2
            if condition(record(middle)) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
