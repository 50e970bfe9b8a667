import Foundation
import Testing

/// `drover run -- COMMAND`.
@Suite(.serialized) struct RunItemsTests {
    private func run(_ arguments: [String], input: String? = nil) async throws -> Drover.Result {
        try await Drover.run(["run", "--progress", "none"] + arguments, input: input)
    }

    private func lines(_ range: ClosedRange<Int>) -> String { range.map { "\($0)\n" }.joined() }

    @Test func onceWithTheCallersEnvironmentAndFolder() async throws {
        let result = try await Drover.run(["run", "--", "sh", "-c", "echo $DROVER_TEST_MARK; pwd"], environment: ["DROVER_TEST_MARK": "here"])
        #expect(result.status == 0 && result.lines == ["here", FileManager.default.currentDirectoryPath], "\(result)")
    }

    @Test func everyItemOnce() async throws {
        let result = try await run(["-j", "4", "--items", "-", "--", "echo", "item"], input: lines(1...200))
        #expect(result.status == 0, "\(result)")
        #expect(Set(result.lines) == Set((1...200).map { "item \($0)" }) && result.lines.count == 200)
    }

    @Test func placeholdersAndNoShell() async throws {
        let result = try await run(["--items", "-", "--", "echo", "{}", "{.}", "{/}", "{//}", "{/.}", "{#}", "{index}"], input: "dir/a b.txt; echo no\n")
        #expect(result.output == "dir/a b.txt; echo no dir/a b a b.txt; echo no dir a b 1 0\n", "\(result)")
    }

    @Test func orderIsKept() async throws {
        let result = try await run(["-j", "4", "-k", "--items", "-", "--", "sh", "-c", "sleep 0.$((8-{})); echo {}"], input: lines(1...7))
        #expect(result.lines == (1...7).map { String($0) }, "\(result)")
    }

    /// Items that end at the same time do not overtake each other on their way out.
    @Test func orderIsKeptOfManyAtOnce() async throws {
        let result = try await run(["-j", "16", "-k", "--items", "-", "--", "echo", "{}"], input: lines(1...300))
        #expect(result.lines == (1...300).map { String($0) }, "\(result)")
    }

    @Test func failuresAreRetriedAndListed() async throws {
        let result = try await Drover.run(
            ["run", "-j", "2", "--items", "-", "--retries", "2", "--", "sh", "-c", "echo try {}; test {} -ne 3"], input: lines(1...5))
        #expect(result.status == 1, "\(result)")
        #expect(result.lines.filter { $0 == "try 3" }.count == 3 && result.lines.count == 7, "\(result)")
        #expect(result.errors.contains("item 2 (3): exit code 1") && result.errors.contains("7 attempts, 4 succeeded, 1 failed"), "\(result)")
    }

    @Test func aJoblogIsResumed() async throws {
        let scratch = try Scratch()
        let log = scratch.path("log")
        let first = try await run(["--items", "-", "--joblog", log, "--", "sh", "-c", "test {} -ne 2"], input: lines(1...4))
        #expect(first.status == 1)
        let second = try await run(["--items", "-", "--joblog", log, "--resume", "--", "echo", "again"], input: lines(1...4))
        #expect(second.status == 0 && second.lines == ["again 2"], "\(second)")
        #expect(scratch.read("log").split(separator: "\n").count == 6)
    }

    /// One that takes long holds up none of those that were leased with it.
    @Test func aLongItemHoldsUpNoOther() async throws {
        let scratch = try Scratch(), items = (1...150).map { "\($0)" } + ["wait", "make"] + (151...300).map { "\($0)" }
        let script = "case {} in wait) until test -e made; do sleep 0.01; done;; make) : >made;; esac; echo {}"
        let result = try await run(["-j", "2", "--items", "-", "--", "sh", "-c", "cd \(scratch.path("")); " + script], input: items.joined(separator: "\n"))
        #expect(result.status == 0 && result.lines.sorted() == items.sorted(), "\(result)")
    }

    @Test func haltStartsNothingMore() async throws {
        let result = try await run(["-j", "1", "--items", "-", "--halt", "3", "--", "sh", "-c", "echo ran; exit 1"], input: lines(1...100))
        #expect(result.status == 1 && (3...4).contains(result.lines.count), "\(result)")
    }

    @Test func noItemsIsNoFailure() async throws {
        #expect(try await run(["--items", "-", "--", "echo"], input: "").status == 0)
    }

    @Test func wrongUsageIsTwo() async throws {
        for arguments in [["run"], ["run", "--items", "/no/such/file", "--", "echo"], ["run", "-j", "0", "--", "true"], ["nonsense"], ["run", "--resume", "--", "true"]] {
            let result = try await Drover.run(arguments)
            #expect(result.status == 2 && !result.errors.isEmpty, "\(arguments): \(result)")
        }
    }

    @Test func noRedisServerIsThree() async throws {
        let result = try await Drover.run(["run", "--", "true"], environment: ["DROVER_REDIS_SERVER": "/no/such/redis-server"])
        #expect(result.status == 3 && result.errors.contains("redis-server"), "\(result)")
    }

    @Test func flagsComeFromTheEnvironment() async throws {
        let result = try await Drover.run(["run", "--items", "-", "--", "false"], environment: ["DROVER_RETRIES": "1", "DROVER_PROGRESS": "json"], input: "x\n")
        #expect(result.errors.contains(#""attempts":2"#), "\(result)")
    }
}
