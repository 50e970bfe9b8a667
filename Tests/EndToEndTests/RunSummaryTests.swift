import Foundation
import Testing

/// What `drover run` says at its end: which rule ended a Job, which items failed, how and where; and where its output goes.
/// A dollar sign is written twice: `$$` stands for one in commands.
@Suite(.serialized) struct RunSummaryTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func run(
        _ name: String, _ spec: [String], restart: String = "Never", _ script: String, _ flags: [String] = []
    ) async throws -> Drover.Result {
        let job = Manifests.job(name, spec: spec, restart: restart, script: script, pod: ["terminationGracePeriodSeconds: 1"])
        let file = try scratch.write(name + ".yaml", job)
        return try await Drover.run(["run", "-f", file] + flags)
    }

    private struct Summary: Decodable {
        struct Item: Decodable {
            var index: Int?
            var exit_code: Int?
            var signal: Int?
            var reason: String
            var node: String
            var tries: Int
            var tail: [String]
        }

        var outcome: String
        var reason: String
        var message: String
        var attempts: Int
        var failed_items: [Item]
    }

    private func summary(_ result: Drover.Result) throws -> Summary {
        let line = try #require(result.errors.split(separator: "\n").last { $0.hasPrefix("{\"type\":\"summary\"") })
        return try JSONDecoder().decode(Summary.self, from: Data(line.utf8))
    }

    @Test func aDeadlineListsWhatItEnded() async throws {
        let spec = ["completions: 3", "parallelism: 3", "activeDeadlineSeconds: 2"]
        let result = try await run("late", spec, "echo hello; exec sleep 60", ["--progress", "json"])
        let summary = try summary(result)
        #expect(result.status == 1 && summary.reason == "DeadlineExceeded", "\(result)")
        #expect(summary.failed_items.map(\.index) == [0, 1, 2], "\(result)")
        for item in summary.failed_items {
            #expect(item.reason == "ended by the Job's deadline" && item.signal == 15 && !item.node.isEmpty && item.tail == ["hello"], "\(result)")
        }
    }

    @Test func restartsInPlaceAreListed() async throws {
        let flags = ["--container-restart-backoff-base", "100ms"]
        let result = try await run("again", ["backoffLimit: 1"], restart: "OnFailure", "echo bad; exit 7", flags)
        #expect(result.status == 1 && result.errors.contains("again: Failed (BackoffLimitExceeded"), "\(result)")
        let line = try #require(result.errors.split(separator: "\n").first { $0.contains("item 0: exit code 7 on ") }, "\(result)")
        #expect(line.contains("tried ") && result.errors.contains("\n    | bad"), "\(result)")
    }

    @Test func triesOfOneItemAreNoMoreItems() async throws {
        let result = try await run("twice", ["backoffLimit: 1"], "exit 7", ["--pod-failure-backoff-base", "100ms"])
        #expect(result.status == 1 && result.errors.contains("item 0: exit code 7 on ") && result.errors.contains(", tried 2 times"), "\(result)")
        #expect(!result.errors.contains(" more"), "\(result)")
    }

    @Test func theRuleOfASuccessIsNamed() async throws {
        let spec = ["completions: 3", "parallelism: 3", "completionMode: Indexed", "successPolicy: {rules: [{succeededIndexes: '0'}]}"]
        let script = "[ $JOB_COMPLETION_INDEX = 0 ] || exec sleep 60"
        let text = try await run("enough", spec, script)
        #expect(text.status == 0 && text.errors.contains("enough: Complete (SuccessPolicy: Matched rules at index 0) in "), "\(text)")
        #expect(!text.errors.contains("item"), "what the success has ended did not fail: \(text)")
        let json = try summary(try await run("enough", spec, script, ["--progress", "json"]))
        #expect(json.outcome == "Complete" && json.reason == "SuccessPolicy" && json.message == "Matched rules at index 0")
        #expect(json.failed_items.isEmpty)
    }

    /// All that had been started, each once.
    @Test func anInterruptedRunCountsItsAttempts() async throws {
        let job = Manifests.job("five", spec: ["completions: 50", "parallelism: 5"], script: "echo on; exec sleep 60")
        let file = try scratch.write("five.yaml", job)
        let command = try Command(Drover.path, ["run", "-f", file])
        #expect(await wait(seconds: 30) { command.output.split(separator: "\n").count == 5 })
        command.signal(SIGINT)
        let result = try await command.finish(limit: 20)
        #expect(result.status == 130 && result.errors.contains(": 5 attempts, 0 succeeded, 0 failed"), "\(result)")
    }

    @Test func jobsOfOneNameAreToldApart() async throws {
        let one = Manifests.job("a", script: "true")
        let jobs = ["n1", "n2"].map { one.replacing("name: a\n", with: "name: a\n  namespace: \($0)\n") }
        let file = try scratch.write("two.yaml", jobs.joined(separator: "---\n"))
        let result = try await Drover.run(["run", "-f", file])
        #expect(result.status == 0 && result.errors.contains("n1/a: Complete") && result.errors.contains("n2/a: Complete"), "\(result)")
    }

    /// Their first attempts have the same token.
    @Test func theOutputOfTwoJobsIsWhole() async throws {
        let jobs = [("a", "0.2"), ("b", "0.7")].map { Manifests.job($0, script: "echo \($0)1; sleep \($1); echo \($0)2") }
        let result = try await Drover.run(["run", "-f", try scratch.write("two.yaml", jobs.joined(separator: "---\n"))])
        #expect(result.status == 0 && result.lines.sorted() == ["a1", "a2", "b1", "b2"], "\(result)")
    }

    // MARK: Output

    private func shell(_ script: String) async throws -> Drover.Result {
        try await Command("/bin/bash", ["-c", script], environment: ["D": Drover.path, "SWIFT_BACKTRACE": "enable=no"]).finish(limit: 60)
    }

    @Test func outputThatCannotBeWrittenIsAnError() async throws {
        let file = try scratch.write("s1.yaml", Manifests.job("s1", script: "echo one; touch \(scratch.path("ran"))"))
        for command in ["run -f \(file)", "run -- sh -c 'echo one'"] {
            let result = try await shell("$D \(command) > /dev/full")
            #expect(result.status == 3 && result.errors.contains("drover run: can't write the output: No space left on device"), "\(result)")
            #expect(result.errors.contains(": Complete in "), "\(result)")
        }
        #expect(FileManager.default.fileExists(atPath: scratch.path("ran")))
    }

    @Test func aReaderThatHasEnoughEndsTheRun() async throws {
        let file = try scratch.write("yes.yaml", Manifests.job("endless", script: "yes"))
        for command in ["seq 1 5000 | $D run -j 1 --items - -- echo", "$D run -f \(file)"] {
            let result = try await shell("\(command) | head -1; exit ${PIPESTATUS[-2]}")
            #expect(result.status == 141 && result.lines.count == 1, "\(command): \(result)")
            for word in ["drover run", "finished", "item"] { #expect(!result.errors.contains(word), "\(command): \(result)") }
        }
    }

    @Test func anItemThatIsTooLongIsNamed() async throws {
        let result = try await Drover.run(["run", "--items", "-", "--", "true"], input: "ok\n" + String(repeating: "x", count: 200_000) + "\n")
        #expect(result.status == 1 && result.errors.contains("item 1 (xxxxxxxx"), "\(result.errors.prefix(500))")
    }
}
