import BatchAPI
import Broker
import Testing

@testable import Coordinator

/// Index texts from the window of bits (R60).
@Suite struct IndexWindowTests {
    private func window(_ watermark: Int, _ done: [UInt8], _ bad: [UInt8] = [], completions: Int = 100) -> IndexWindow {
        var job = Job(["spec": ["completionMode": "Indexed"]])
        job.spec.completions = completions
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

    @Test func failed() { #expect(window(0, [0x80], [0x60]).failed == "1,2") }
}
