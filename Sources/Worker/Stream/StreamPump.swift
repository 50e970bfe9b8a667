import Broker
import CLinux
import Glibc

/// Moves a chunk's items to a `stream` process and their outcomes back, on a thread that may wait.
struct StreamPump: Sendable {
    /// How a run of it ended.
    enum End: Sendable, Equatable {
        /// All that was sent is answered.
        case answered
        /// The process has closed its output.
        case ended
        /// It says something that is no outcome of an item that was sent; the text tells.
        case garbled(String)
    }

    private let chunk: Chunk
    private let first: Int
    private let payloads: [ArraySlice<UInt8>]
    private(set) var outcomes: [StreamOutcome?]
    /// The first item without an outcome; all before it have one.
    private(set) var done = 0
    private(set) var failures = 0
    private var sent = 0
    private var outstanding = 0
    private var answered = 0
    private var resultBytes = 0
    private var output: [UInt8] = []
    private var written = 0

    /// Items on their way at a time grow up to this with what is answered, so that a process is kept busy but a slow one soon comes to its end.
    private static let window = 4096, leastWindow = 4, windowBytes = 256 << 10
    private static let waitMilliseconds: Int32 = 100

    init(_ chunk: Chunk) {
        self.chunk = chunk
        first = chunk.items?.lowerBound ?? 0
        outcomes = Array(repeating: nil, count: chunk.items?.count ?? 1)
        var reader = PackedReader(chunk.payloads), payloads: [ArraySlice<UInt8>] = []
        while let payload = reader.next() { payloads.append(payload) }
        self.payloads = payloads
    }

    var isFinished: Bool { done == outcomes.count }

    /// The item that the process was on - the oldest without an outcome - fails with it.
    mutating func failOldest(exitCode: Int, _ message: String) {
        var outcome = StreamOutcome(index: first + done, error: message)
        outcome.exitCode = exitCode
        take(outcome)
    }

    /// Until all is answered, or the chunk is over and what was sent is answered, or the process breaks. Items that were sent to another process
    /// and have no outcome are sent again.
    mutating func run(_ process: StreamProcess) -> End {
        (sent, outstanding, output, written) = (done, 0, [], 0)
        while true {
            fill()
            guard outstanding > 0, let input = process.input else { return .answered }
            var polls = [
                pollfd(fd: process.output.number, events: Int16(POLLIN), revents: 0), pollfd(fd: input.number, events: Int16(POLLOUT), revents: 0),
            ]
            poll(&polls, written < output.count ? 2 : 1, Self.waitMilliseconds)
            if polls[0].revents != 0, let end = receive(process) { return end }
            // A process that takes nothing more may still answer: its output tells when it is over.
            if polls[1].revents != 0 { send(input) }
        }
    }

    private mutating func fill() {
        if written == output.count { (output, written) = ([], 0) }
        let window = min(Self.window, Self.leastWindow + answered)
        while sent < outcomes.count, outstanding < window, output.count < Self.windowBytes, chunk.begins(sent) {
            if outcomes[sent] == nil {
                StreamLines.append(first + sent, sent < payloads.count ? payloads[sent] : nil, to: &output)
                outstanding += 1
            }
            sent += 1
        }
    }

    private mutating func send(_ input: Descriptor) {
        let count = output.withUnsafeBytes { write(input.number, $0.baseAddress! + written, $0.count - written) }
        if count > 0 { written += count } else if errno != EAGAIN && errno != EINTR { written = output.count }
    }

    private mutating func receive(_ process: StreamProcess) -> End? {
        guard process.read() else { return .ended }
        while let line = process.nextLine() {
            if line.allSatisfy({ $0 == 32 || $0 == 9 || $0 == 13 }) { continue }
            guard let outcome = StreamOutcome(line), expects(outcome.index) else {
                return .garbled("its output is no outcome of an item that was sent: " + String(decoding: line.prefix(200), as: UTF8.self))
            }
            take(outcome)
            (outstanding, answered) = (outstanding - 1, answered + 1)
        }
        return process.lineIsTooLong ? .garbled("a line of its output has more than \(StreamProcess.longestLine) bytes") : nil
    }

    private func expects(_ index: Int) -> Bool { index >= first && index < first + sent && outcomes[index - first] == nil }

    private mutating func take(_ outcome: StreamOutcome) {
        var outcome = outcome
        if let size = outcome.result?.utf8.count {
            if size > PackedResults.longestResult { (outcome.error, outcome.result) = (ChunkOutcome.tooLong(size), nil) }
            resultBytes += size
            if resultBytes >= PackedResults.mostBytes { chunk.finish() }
        }
        outcomes[outcome.index - first] = outcome
        while done < outcomes.count, outcomes[done] != nil { done += 1 }
        guard outcome.error != nil else { return }
        failures += 1
        if ChunkOutcome.stops(chunk.job, failures: failures) { chunk.finish() }
    }
}
