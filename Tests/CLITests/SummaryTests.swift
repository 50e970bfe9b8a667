import BatchAPI
import Broker
import Testing
import Worker

@testable import DroverCLI

@Suite struct SummaryTests {
    private func failing(_ count: Int) -> JobSummary {
        JobSummary(
            name: "j", outcome: .failed(reason: "FailedIndexes", message: "Job has failed indexes"), duration: 12.34, attempts: 30, succeeded: 5,
            failed: count, failedItems: (0..<count).map { .init(index: $0, text: bytes("item \($0)"), end: .exit(1), node: "h1") })
    }

    @Test func aCompleteJobIsOneLine() {
        let summary = JobSummary(
            name: "pi", outcome: .complete(reason: "CompletionsReached", message: "Reached"), duration: 3.21, attempts: 1, succeeded: 1, failed: 0)
        #expect(summary.text == "pi: Complete in 3.2s: 1 attempt, 1 succeeded, 0 failed\n")
    }

    @Test func theRuleThatCompletedAJobIsNamed() throws {
        var summary = JobSummary(
            name: "a", outcome: .complete(reason: "SuccessPolicy", message: "Matched rules at index 0"), duration: 1, attempts: 1, succeeded: 1,
            failed: 0)
        (summary.namespace, summary.showsNamespace) = ("n", true)
        #expect(summary.text.hasPrefix("n/a: Complete (SuccessPolicy: Matched rules at index 0) in 1.0s: "))
        let json = try Value.parse(json: bytes(summary.json))
        #expect(json["job"] == .string("a") && json["namespace"] == .string("n"))
        #expect(json["reason"] == .string("SuccessPolicy") && json["message"] == .string("Matched rules at index 0"))
    }

    @Test func whatTheJobsEndCutOffSaysSo() throws {
        var summary = failing(1)
        summary.failedItems[0].cause = "ended by the Job's deadline"
        (summary.failedItems[0].end, summary.failedItems[0].tries) = (.signal(15), 2)
        #expect(summary.text.hasSuffix("  item 0 (item 0): killed by signal 15 (SIGTERM) on h1, ended by the Job's deadline, tried 2 times\n"))
        let item = try #require(try Value.parse(json: bytes(summary.json))["failed_items"]?.array?.first)
        #expect(item["signal"] == .int(15) && item["reason"] == .string("ended by the Job's deadline"))
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
        var book = AttemptBook()
        for (token, index, code) in [(1, 0, 1), (2, 0, 2), (3, 1, 1), (4, 1, 0), (5, nil, 7)] as [(Token, Int?, Int)] {
            let grant = Grant(
                job: "u", token: token, items: index.map { $0...$0 }, pod: "p\(token)", podUID: "", revision: "1", failures: 0)
            let ending = Ending(code == 0 ? .succeeded : .failed, exitCode: code, reason: code == 0 ? "Completed" : "Error", at: 0)
            book.add(grant, ending, node: "h1", tail: [])
        }
        let items = book.record.failures.map(\.item)
        #expect(book.record.attempts == 5 && book.record.succeeded == 1 && book.record.failed == 4)
        #expect(items.map(\.index) == [nil, 0] && items.map(\.tries) == [1, 2] && items.map(\.end) == [.exit(7), .exit(2)])
        var summary = failing(0)
        summary.failedItems = items
        #expect(summary.text.hasSuffix("  pod: exit code 7 on h1\n  item 0: exit code 2 on h1, tried 2 times\n"))
    }

    @Test func peopleSeeTwentyMachinesAll() throws {
        let summary = failing(25)
        #expect(summary.text.split(separator: "\n").count == 22)
        #expect(summary.text.hasSuffix("\n  ... and 5 more\n"))
        var cut = summary
        (cut.failed, cut.unlisted) = (999, 7)
        #expect(cut.text.hasSuffix("\n  ... and 12 more\n"), "items are counted, not their attempts")
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
