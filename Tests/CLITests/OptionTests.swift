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
            EnvironmentArguments.complete(arguments, environment: environment, flags: flags)
        }
        #expect(complete(["worker"], ["DROVER_REDIS": "redis://h"]) == ["worker", "--redis=redis://h"])
        #expect(complete(["worker", "--redis", "x"], ["DROVER_REDIS": "redis://h"]) == ["worker", "--redis", "x"])
        #expect(complete(["run", "--", "cmd", "--lease"], ["DROVER_LEASE": "5s"]) == ["run", "--lease=5s", "--", "cmd", "--lease"])
        #expect(complete(["run"], ["DROVER_KEEP_ORDER": "1", "DROVER_RESUME": "0"]) == ["run", "--keep-order"])
        #expect(complete(["nonsense"], ["DROVER_LEASE": "5s"]) == ["nonsense"])
        #expect(EnvironmentArguments.variable(of: "--pod-failure-backoff-base") == "DROVER_POD_FAILURE_BACKOFF_BASE")
    }
}
