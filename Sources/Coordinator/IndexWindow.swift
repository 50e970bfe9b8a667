import BatchAPI
import Broker

/// The texts of completed and failed indexes, from the window of bits that is not yet all done or failed. Below it every index is done that is
/// neither among the status' failed ones nor a straggler: one that others have left behind, as it waits for its back-off or takes long. So a
/// look costs what the window and the exceptions cost, however many completions there are.
struct IndexWindow {
    /// R60.
    let completed: String
    let failed: String
    /// Where the next window begins: at the first index that is neither done nor failed, nor a straggler.
    let watermark: Int
    /// Below the watermark, ascending.
    let stragglers: [Int]

    /// So many indexes a window may have before what holds it up is left behind.
    static let width = 32_768
    /// So many stragglers there may be, and so many side by side: more are a chunk under way.
    private static let limit = 500, run = 16

    init(_ state: LedgerState) {
        let base = state.watermark - state.watermark % 8
        let stragglers = state.stragglers.filter { $0 < base }
        var failed = IndexRanges(lenient: state.job.status.failedIndexes ?? "", completions: state.job.spec.completions ?? 0)
        for index in state.failedStragglers { failed.insert(index) }
        var done = base > 0 ? IndexRanges(ranges: [0...(base - 1)]).subtracting(failed).subtracting(IndexRanges(stragglers)) : IndexRanges()
        Self.collect(state.window, base, into: &done)
        Self.collect(state.failedWindow, base, into: &failed)
        (completed, self.failed) = (done.text, failed.text)
        (watermark, self.stragglers) = Self.advance(stragglers, from: base, to: base + state.window.count * 8) {
            (done.range(containing: $0) ?? failed.range(containing: $0))?.upperBound
        }
    }

    /// Leaves stragglers behind until the window is short enough.
    /// - Parameter settled: the last index, from a given one on, up to which all are done or failed; nil if that one is not.
    private static func advance(_ known: [Int], from base: Int, to end: Int, _ settled: (Int) -> Int?) -> (watermark: Int, stragglers: [Int]) {
        var stragglers = known, at = base
        while true {
            while let last = settled(at) { at = last + 1 }
            guard end - at > width, let next = (at...at + run).first(where: { settled($0) != nil }) else { return (at, stragglers) }
            let hole = at..<next
            guard stragglers.count + hole.count <= limit else { return (at, stragglers) }
            stragglers += hole
            at = hole.upperBound
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
