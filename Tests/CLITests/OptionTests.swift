import Testing

@testable import DroverCLI

/// Flags and their environment.
@Suite struct OptionTests {
    @Test(arguments: [
        ("250ms", 250), ("10s", 10_000), ("1.5m", 90_000), ("2h", 7_200_000), ("3", 3000), ("0", 0), ("-1s", nil), ("x", nil), ("", nil), ("1e12h", nil),
    ] as [(String, Int64?)])
    func durations(text: String, milliseconds: Int64?) { #expect(DurationArgument(argument: text)?.milliseconds == milliseconds) }

    @Test func theEnvironmentFillsInWhatIsNotGiven() {
        let flags = EnvironmentArguments.flags(ofDump: DroverCommand._dumpHelp())
        func complete(_ arguments: [String], _ environment: [String: String]) -> [String] {
            (try? EnvironmentArguments.complete(arguments, environment: environment, flags: flags)) ?? ["refused"]
        }
        #expect(complete(["worker"], ["DROVER_REDIS": "redis://h"]) == ["worker", "--redis=redis://h"])
        #expect(complete(["worker", "--redis", "x"], ["DROVER_REDIS": "redis://h"]) == ["worker", "--redis", "x"])
        #expect(complete(["run", "--", "cmd", "--lease"], ["DROVER_LEASE": "5s"]) == ["run", "--lease=5s", "--", "cmd", "--lease"])
        #expect(complete(["run", "--", "c"], ["DROVER_KEEP_ORDER": "1", "DROVER_RESUME": "0"]) == ["run", "--keep-order", "--", "c"])
        #expect(complete(["run", "--", "c"], ["DROVER_J": "4"]) == ["run", "--jobs=4", "--", "c"])
        #expect(complete(["run", "--", "c"], ["DROVER_JOBS": "4", "DROVER_K": "yes"]) == ["run", "--jobs=4", "--keep-order", "--", "c"])
        #expect(complete(["run"], ["DROVER_F": "a.yaml"]) == ["run", "--file=a.yaml"])
        #expect(complete(["run", "--", "c"], ["DROVER_K": "maybe"]) == ["refused"])
        for given in [["-j4"], ["-j", "4"], ["--jobs", "4"], ["--jobs=4"], ["-k0j4"]] {
            #expect(complete(["run"] + given + ["--", "c"], ["DROVER_JOBS": "2"]) == ["run"] + given + ["--", "c"])
        }
        #expect(complete(["nonsense"], ["DROVER_LEASE": "5s"]) == ["nonsense"])
        #expect(EnvironmentArguments.variable(of: "--pod-failure-backoff-base") == "DROVER_POD_FAILURE_BACKOFF_BASE")
    }

    /// They are meant for other runs.
    @Test func variablesOfOtherWorkArePassedOver() throws {
        let flags = EnvironmentArguments.flags(ofDump: DroverCommand._dumpHelp())
        let environment = ["DROVER_JOBS": "4", "DROVER_0": "1", "DROVER_RETRIES": "1", "DROVER_FILE": "x", "DROVER_PREFIX": "1"]
        func complete(_ arguments: [String]) throws -> [String] {
            try EnvironmentArguments.complete(arguments, environment: environment, flags: flags)
        }
        #expect(try complete(["run", "-f", "a"]) == ["run", "--prefix", "-f", "a"])
        #expect(try complete(["run", "--", "c"]) == ["run", "--jobs=4", "--retries=1", "--", "c"])
        #expect(try complete(["run", "--items", "i", "--", "c"]) == ["run", "--jobs=4", "--null", "--retries=1", "--items", "i", "--", "c"])
    }

    static let foreign: [([String], String)] = [
        (["-f", "x", "-j", "3"], "-j "), (["-f", "x", "--jobs", "3"], "-j "), (["-f", "x", "--retries", "0"], "--retries "),
        (["-f", "x", "--retry-delay", "1s"], "--retry-delay "), (["-f", "x", "-k"], "-k "), (["-f", "x", "-0"], "-0 "),
        (["-f", "x", "--results", "r"], "--results "), (["--results", "r", "--", "c"], "--results "), (["-f", "x", "--halt", "0"], "--halt "), (["-f", "x", "--joblog", "l"], "--joblog "),
        (["-0", "--", "echo"], "-0 "), (["--prefix", "--", "echo"], "--prefix "),
    ]

    @Test(arguments: foreign) func flagsThatDoNotApplyAreNamed(_ arguments: [String], _ name: String) {
        let error = #expect(throws: (any Error).self) { try RunCommand.parse(arguments) }
        #expect(error.map { RunCommand.message(for: $0).hasPrefix(name) } == true, "\(error.map { RunCommand.message(for: $0) } ?? "")")
    }
}
