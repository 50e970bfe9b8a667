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
}
