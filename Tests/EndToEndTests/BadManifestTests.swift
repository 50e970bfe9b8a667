import Foundation
import Testing

/// What is wrong is said in one line with its place, and nothing runs: exit status 2.
@Suite struct BadManifestTests {
    private static let head = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: x}\nspec:\n"
    private static let pod = "  template: {spec: {restartPolicy: Never, containers: [{name: c, image: i, command: [sh, -c, 'echo ran']}]}}\n"

    @Test(arguments: [
        ("1-syntax", head + "  completions: [1\n", ":6: "), ("2-type", head + "  completions: three\n" + pod, ":5: spec.completions: "),
        ("3-unknown", head + "  completion: 3\n" + pod, ":5: spec.completion: "), ("4-negative", head + "  parallelism: -1\n" + pod, ":5: spec.parallelism: "),
        ("5-policy", head + "  template: {spec: {containers: [{name: c, image: i}]}}\n", "restartPolicy"), ("6-empty", "", ":1: "),
        ("7-duplicate", head + "  completions: 1\n  completions: 2\n" + pod, ":6: spec.completions: duplicate"),
        ("8-overflow", head + "  completions: 99999999999999999999\n" + pod, ":5: spec.completions: "),
        ("9-kind", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n", "Deployment"), ("10-nul", head + "  completions: 1\0\n" + pod, "NUL"),
        ("11-second", head + pod + "---\n" + head + "  parallelism: x\n" + pod, ":11: spec.parallelism: "),
    ])
    func isRefused(name: String, text: String, expected: String) async throws {
        let scratch = try Scratch()
        let result = try await Drover.run(["run", "-f", try scratch.write(name + ".yaml", text)])
        #expect(result.status == 2 && result.output.isEmpty, "\(result)")
        #expect(result.errors.split(separator: "\n").count == 1 && result.errors.contains(name + ".yaml") && result.errors.contains(expected), "\(result)")
    }

    @Test func tooLargeIsRefused() async throws {
        let scratch = try Scratch()
        let file = try scratch.write("large.yaml", String(repeating: "#", count: 11 << 20))
        let result = try await Drover.run(["run", "-f", file])
        #expect(result.status == 2 && result.errors.contains("10 MiB"), "\(result)")
    }
}
