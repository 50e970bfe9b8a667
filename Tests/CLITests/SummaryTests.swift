import BatchAPI
import Broker
import Testing

@testable import DroverCLI

@Suite struct SummaryTests {
    private func failing(_ count: Int) -> JobSummary {
        JobSummary(
            name: "j", outcome: .failed(reason: "FailedIndexes", message: "Job has failed indexes"), duration: 12.34, attempts: 30, succeeded: 5,
            failed: count, failedItems: (0..<count).map { .init(index: $0, text: bytes("item \($0)"), end: .exit(1), node: "h1") })
    }

    @Test func aCompleteJobIsOneLine() {
        let summary = JobSummary(name: "pi", outcome: .complete, duration: 3.21, attempts: 1, succeeded: 1, failed: 0)
        #expect(summary.text == "pi: Complete in 3.2s: 1 attempt, 1 succeeded, 0 failed\n")
    }

    @Test func failedItemsSayWhatHappened() {
        var summary = failing(3)
        summary.failedItems[0].tail = bytes("one\ntwo\nthree\nfour\nfive\nsix\n")
        summary.failedItems[1].end = .signal(9)
        summary.failedItems[2] = .init(index: nil, end: .other("DeadlineExceeded"))
        #expect(
            summary.text == """
                j: Failed (FailedIndexes: Job has failed indexes) in 12s: 30 attempts, 5 succeeded, 3 failed
                  item 0 (item 0): exit code 1 on h1
                    | two
                    | three
                    | four
                    | five
                    | six
                  item 1 (item 1): killed by signal 9 (SIGKILL) on h1
                  pod: DeadlineExceeded

                """)
    }

    /// One entry for each item that was not done in the end.
    @Test func triesOfAnItemAreOneEntry() {
        func pod(_ token: Token, _ index: Int?, _ phase: String, exit: Int) -> PodRecord {
            var pod = PodRecord(token: token, name: "p\(token)", created: Timestamp(milliseconds: 0))
            (pod.index, pod.phase, pod.exitCode, pod.node) = (index, phase, exit, "h1")
            return pod
        }
        let items = RunReport.failedItems([
            pod(1, 0, "Failed", exit: 1), pod(2, 0, "Failed", exit: 2), pod(3, 1, "Failed", exit: 1), pod(4, 1, "Succeeded", exit: 0),
            pod(5, nil, "Failed", exit: 7),
        ])
        #expect(items.map(\.index) == [nil, 0] && items.map(\.tries) == [1, 2] && items.map(\.end) == [.exit(7), .exit(2)])
        var summary = failing(0)
        summary.failedItems = items
        #expect(summary.text.hasSuffix("  pod: exit code 7 on h1\n  item 0: exit code 2 on h1, tried 2 times\n"))
    }

    @Test func peopleSeeTwentyMachinesAll() throws {
        let summary = failing(25)
        #expect(summary.text.split(separator: "\n").count == 22)
        #expect(summary.text.hasSuffix("\n  ... and 5 more\n"))
        #expect(try Value.parse(json: bytes(summary.json))["failed_items"]?.array?.count == 25)
    }

    @Test func jsonIsOneLineOfText() throws {
        var summary = failing(1)
        summary.failedItems[0].text = [0xFF, 10, 34]
        summary.failedItems[0].tail = bytes("a \"quote\"\n\u{1b}[31mred\u{1b}[0m\n")
        #expect(!summary.json.contains("\n"))
        #expect(summary.json.hasPrefix(#"{"type":"summary","job":"j","outcome":"Failed","reason":"FailedIndexes","#))
        let item = try #require(try Value.parse(json: bytes(summary.json))["failed_items"]?.array?.first)
        #expect(item["item"] == .string("\u{FFFD}\n\"") && item["exit_code"] == .int(1) && item["signal"] == .null)
        #expect(item["tail"] == .array([.string("a \"quote\""), .string("red")]))
    }

    static let lines: [(String, String)] = [
        ("plain", "plain"), ("\u{1b}[1;31mred\u{1b}[0m", "red"), ("a\u{7}b\u{0}c\u{1b}]0;t\u{7}", "a?b?c?]0;t?"), ("a\tb", "a b"),
        ("\u{9b}2J", "?2J"), ("a\u{202E}b\u{200B}", "ab"), ("end \u{1b}[3", "end "), ("é\u{301}", "é\u{301}"), ("a\u{2028}b", "a?b"), ("", ""),
    ]

    @Test(arguments: lines) func controlsDoNotReachTheTerminal(_ raw: String, _ clean: String) {
        #expect(CleanText.line(raw.utf8, columns: 80) == clean)
    }

    @Test func linesAreCutByColumns() {
        #expect(CleanText.line(bytes("123456789"), columns: 9) == "123456789")
        #expect(CleanText.line(bytes("1234567890"), columns: 9) == "123456...")
        #expect(CleanText.line("日本語日本語".utf8, columns: 10) == "日本語...")
        #expect(CleanText.line("e\u{301}e\u{301}e\u{301}".utf8, columns: 3) == "e\u{301}e\u{301}e\u{301}")
        #expect(CleanText.line([0xFF, 0xC3], columns: 9) == "\u{FFFD}\u{FFFD}")
    }

    @Test func aLineThatOverwritesItselfShowsItsLastState() {
        #expect(CleanText.lastLines(bytes("10%\r20%\r100%\r\nok\r\n\n   \n"), count: 5, columns: 80) == ["100%", "ok"])
        #expect(CleanText.lastLines([], count: 5, columns: 80) == [])
    }
}
