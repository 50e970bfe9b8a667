import CLinux
import Glibc
import Testing

@testable import Worker

@Suite struct LogTests {
    private let second: Int64 = 1_000_000_000

    /// A log whose stretches end at the given offsets and times in seconds.
    private func log(_ text: String, _ stretches: [(end: Int64, seconds: Int64)], modified: Int64, _ scratch: Scratch) throws -> LogReader {
        let path = scratch.write("log", text)
        let times = Descriptor(path: LogFile.timesPath(of: path), flags: O_WRONLY | O_CREAT)!
        for stretch in stretches {
            let bytes = LogStretch(end: stretch.end, time: stretch.seconds * second).encoded
            write(times.number, bytes, bytes.count)
        }
        var stamps = [timespec(tv_sec: Int(modified), tv_nsec: 0), timespec(tv_sec: Int(modified), tv_nsec: 0)]
        utimensat(AT_FDCWD, path, &stamps, 0)
        return try LogReader(path: path)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test(arguments: [
        (LogOptions(), "one\ntwo\nthree\nfour\nfive"),
        (LogOptions(tailLines: 0), ""),
        (LogOptions(tailLines: 1), "five"),
        (LogOptions(tailLines: 2), "four\nfive"),
        (LogOptions(tailLines: 99), "one\ntwo\nthree\nfour\nfive"),
        (LogOptions(since: 10_000_000_000), "one\ntwo\nthree\nfour\nfive"),
        (LogOptions(since: 10_000_000_001), "three\nfour\nfive"),
        (LogOptions(since: 20_000_000_001), "four\nfive"),
        (LogOptions(since: 30_000_000_001), ""),
        (LogOptions(tailLines: 1, since: 15_000_000_000), "five"),
        (LogOptions(tailLines: 4, since: 25_000_000_000), "four\nfive"),
        (LogOptions(limitBytes: 6), "one\ntw"),
        (LogOptions(tailLines: 2, limitBytes: 5), "four\n"),
        (LogOptions(tailLines: 1, timestamps: true), "1970-01-01T00:00:30.000000000Z five"),
        (LogOptions(limitBytes: 12, timestamps: true), "1970-01-01T0"),
    ])
    func options(options: LogOptions, expected: String) throws {
        // "th" of "three" was written with "two": a line has the time of its end.
        let scratch = Scratch()
        let reader = try log("one\ntwo\nthree\nfour\nfive", [(10, 10), (14, 20)], modified: 30, scratch)
        #expect(text(reader.read(options, ended: true)) == expected)
    }

    @Test func timestampsPerLine() throws {
        let scratch = Scratch()
        let reader = try log("one\ntwo\nthree\nfour\n", [(10, 10), (14, 20)], modified: 30, scratch)
        let lines = text(reader.read(LogOptions(timestamps: true), ended: true)).split(separator: "\n")
        #expect(lines.map { $0.dropFirst(17).prefix(2) } == ["10", "10", "20", "30"])
        #expect(lines.map { $0.dropFirst(31) } == ["one", "two", "three", "four"])
    }

    @Test func smallChunksGiveTheSame() throws {
        let scratch = Scratch()
        let reader = try log("one\ntwo\nthree three three\n\nfour", [], modified: 30, scratch)
        var cursor = reader.cursor(LogOptions(timestamps: true))
        var output: [UInt8] = []
        while case let part = reader.read(&cursor, chunk: 7, ended: true), !part.isEmpty { output += part }
        let stamp = "1970-01-01T00:00:30.000000000Z "
        #expect(text(output) == "\(stamp)one\n\(stamp)two\n\(stamp)three three three\n\(stamp)\n\(stamp)four")
    }

    @Test func followHoldsBackAnUnfinishedLine() throws {
        let scratch = Scratch()
        let log = try LogFile(path: scratch.path + "/a/b/0.log")
        let reader = try LogReader(path: log.path)
        var cursor = reader.cursor(LogOptions())
        #expect(reader.read(&cursor, ended: false) == [])
        log.file.write("one\ntw")
        #expect(text(reader.read(&cursor, ended: false)) == "one\n")
        log.file.write("o\nthree")
        #expect(text(reader.read(&cursor, ended: false)) == "two\n")
        #expect(text(reader.read(&cursor, ended: true)) == "three")
        #expect(reader.read(&cursor, ended: true) == [])
    }

    @Test func tailOfAFailure() {
        let scratch = Scratch()
        #expect(LogReader.tail(path: "/no/such") == [])
        #expect(text(LogReader.tail(path: scratch.write("a", "one\ntwo\n"))) == "one\ntwo\n")
        #expect(text(LogReader.tail(path: scratch.write("b", "one\ntwo\nthree"), bytes: 8)) == "three")
        #expect(text(LogReader.tail(path: scratch.write("c", "one\ntwo\nthree"), bytes: 9)) == "two\nthree")
        #expect(text(LogReader.tail(path: scratch.write("d", "0123456789"), bytes: 4)) == "6789")
    }

    @Test func shortLivedLogHasNoTimesFile() throws {
        let (scratch, recorder) = (Scratch(), LogRecorder())
        defer { recorder.stop() }
        let log = try LogFile(path: scratch.path + "/0.log")
        recorder.began(log)
        log.file.write("one\n")
        recorder.ended(log)
        #expect(access(LogFile.timesPath(of: log.path), F_OK) != 0)
    }

    @Test func linesOfALiveLogAreDated() async throws {
        let (scratch, recorder) = (Scratch(), LogRecorder())
        defer { recorder.stop() }
        let log = try LogFile(path: scratch.path + "/0.log")
        recorder.began(log)
        log.file.write("one\n")
        try await Task.sleep(for: .milliseconds(500))
        let middle = drover_realtime_ns() - 200_000_000
        log.file.write("two\n")
        recorder.ended(log)
        let reader = try LogReader(path: log.path)
        #expect(text(reader.read(LogOptions(since: middle), ended: true)) == "two\n")
        #expect(text(reader.read(LogOptions(since: middle - 60_000_000_000), ended: true)) == "one\ntwo\n")
    }

    @Test func headIsPunchedOut() async throws {
        let scratch = Scratch()
        var limits = LogRecorder.Limits()
        (limits.maximum, limits.kept) = (1 << 20, 256 << 10)
        let recorder = LogRecorder(limits: limits)
        defer { recorder.stop() }
        let log = try LogFile(path: scratch.path + "/0.log")
        recorder.began(log)
        let chunk = (0..<4096).map { "line \($0) ................................\n" }.joined()
        for _ in 0..<16 { write(log.file.number, chunk, chunk.utf8.count) }
        try await Task.sleep(for: .milliseconds(500))
        recorder.ended(log)
        let output = text(try LogReader(path: log.path).read(LogOptions(), ended: true))
        var status = stat()
        stat(log.path, &status)
        #expect(status.st_blocks * 512 < 1 << 20, "bounded on disk")
        #expect(output.hasPrefix("line ") && output.hasSuffix("line 4095 ................................\n"))
        #expect(output.utf8.count > 128 << 10 && output.utf8.count <= 384 << 10)
    }

    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000000000Z"), (951_782_400_000_000_006, "2000-02-29T00:00:00.000000006Z"),
        (1_767_323_045_120_000_000, "2026-01-02T03:04:05.120000000Z"), (-1, "1969-12-31T23:59:59.999999999Z"),
    ])
    func timestampText(nanoseconds: Int64, expected: String) {
        #expect(LineTime.text(nanoseconds: nanoseconds) == expected)
    }
}
