import BatchAPI
import Broker
import Testing

@testable import Coordinator

/// Index texts from the window of bits (R60).
@Suite struct IndexWindowTests {
    private func window(_ watermark: Int, _ done: [UInt8], _ bad: [UInt8] = [], completions: Int = 100, failed: String? = nil) -> IndexWindow {
        var job = Job(["spec": ["completionMode": "Indexed"]])
        job.spec.completions = completions
        job.status.failedIndexes = failed
        var state = LedgerState(job: job)
        (state.watermark, state.window, state.failedWindow) = (watermark, done, bad)
        return IndexWindow(state)
    }

    @Test(arguments: [
        (0, [], "", 0), (0, [0x80], "0", 1), (0, [0x40], "1", 0), (0, [0xFF, 0xC0], "0-9", 10), (0, [0b1011_0001], "0,2,3,7", 1),
        (8, [0xFF], "0-15", 16), (11, [0b1110_0101], "0-10,13,15", 11), (0, [0xFF, 0, 0x01], "0-7,23", 8),
    ] as [(Int, [UInt8], String, Int)])
    func completed(watermark: Int, bits: [UInt8], text: String, next: Int) {
        let window = window(watermark, bits)
        #expect(window.completed == text && window.watermark == next)
    }

    /// Below the watermark all but the failed indexes are done; the next window begins at the first index that is neither.
    @Test func failedIndexesDoNotHoldTheWindow() {
        let first = window(0, [0xBF, 0xF0], [0x40, 0x04])
        #expect(first.completed == "0,2-11" && first.failed == "1,13" && first.watermark == 12)
        let second = window(12, [0xFB, 0xC0], [0x04, 0x20], failed: first.failed)
        #expect(second.completed == "0,2-12,14-17" && second.failed == "1,13,18" && second.watermark == 19)
    }

    @Test func failed() { #expect(window(0, [0x80], [0x60]).failed == "1,2") }

    private static let long = [UInt8](repeating: 0xFF, count: IndexWindow.width / 8)

    private func later(_ window: IndexWindow, open: [Int], failed: [Int] = []) -> IndexWindow {
        var job = Job(["spec": ["completionMode": "Indexed"]])
        job.spec.completions = 1_000_000
        var state = LedgerState(job: job)
        (state.watermark, state.stragglers, state.failedStragglers) = (window.watermark, open, failed)
        return IndexWindow(state)
    }

    /// What is long in coming does not hold the window, and is not forgotten.
    @Test func stragglersAreLeftBehind() {
        let end = Self.long.count * 8 + 7
        let first = window(0, [0b0111_1011] + Self.long, completions: 1_000_000)
        #expect(first.watermark == end + 1 && first.stragglers == [0, 5] && first.completed == "1-4,6-\(end)")
        let second = later(first, open: [0, 5])
        #expect(second.watermark == end + 1 && second.stragglers == [0, 5] && second.completed == "1-4,6-\(end)")
        let third = later(second, open: [5], failed: [])
        #expect(third.stragglers == [5] && third.completed == "0-4,6-\(end)" && third.failed.isEmpty)
        let fourth = later(third, open: [], failed: [5])
        #expect(fourth.stragglers.isEmpty && fourth.completed == "0-4,6-\(end)" && fourth.failed == "5")
    }

    /// A short window waits, and so does one whose next hole is a chunk under way, or has more stragglers than a look can bear.
    @Test func notAllAreLeftBehind() {
        #expect(window(0, [0x7F] + Self.long.dropLast()).watermark == 0)
        #expect(window(0, [0xF0, 0, 0, 0xFF] + Self.long, completions: 1_000_000).watermark == 4)
        let many = window(0, [UInt8](repeating: 0xFE, count: 600) + Self.long, completions: 1_000_000)
        #expect(many.stragglers.count == 500 && many.watermark == 4007)
    }
}
