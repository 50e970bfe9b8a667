import BatchAPI
import Broker

/// The texts of completed and failed indexes, from the window of bits that is not yet all done or failed; below it every index that is not
/// among the status' failed ones is done. So a look costs what the window and the failed indexes cost, however many completions there are.
struct IndexWindow {
    /// R60.
    let completed: String
    let failed: String
    /// The first index that is neither done nor failed: where the next window begins.
    let watermark: Int

    init(_ state: LedgerState) {
        let base = state.watermark - state.watermark % 8
        var failed = IndexRanges(lenient: state.job.status.failedIndexes ?? "", completions: state.job.spec.completions ?? 0)
        var done = base > 0 ? IndexRanges(ranges: [0...(base - 1)]).subtracting(failed) : IndexRanges()
        Self.collect(state.window, base, into: &done)
        Self.collect(state.failedWindow, base, into: &failed)
        (completed, self.failed) = (done.text, failed.text)
        watermark = Self.firstGap(done, failed, from: base)
    }

    private static func firstGap(_ done: IndexRanges, _ failed: IndexRanges, from base: Int) -> Int {
        var gap = base
        while true {
            if let range = done.range(containing: gap) ?? failed.range(containing: gap) { gap = range.upperBound + 1 } else { return gap }
        }
    }

    /// Bits as Redis orders them: the first is the highest of its byte.
    private static func collect(_ bytes: [UInt8], _ base: Int, into ranges: inout IndexRanges) {
        var start: Int?
        for (position, byte) in bytes.enumerated() {
            if byte == 0xFF || byte == 0 {
                let at = base + position * 8
                if byte == 0 { close(&start, at, &ranges) } else { start = start ?? at }
                continue
            }
            for bit in 0..<8 {
                let at = base + position * 8 + bit
                if byte & (0x80 >> bit) == 0 { close(&start, at, &ranges) } else { start = start ?? at }
            }
        }
        close(&start, base + bytes.count * 8, &ranges)
    }

    private static func close(_ start: inout Int?, _ end: Int, _ ranges: inout IndexRanges) {
        if let first = start { ranges.insert(first...(end - 1)) }
        start = nil
    }
}
