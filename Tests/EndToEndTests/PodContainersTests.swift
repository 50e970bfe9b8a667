import Foundation
import Testing

/// Several containers, their order, hooks, probes and last words: `drover run -f` with the real binary.
/// A dollar sign is written twice: `$$` stands for one in commands.
@Suite(.serialized, .enabled(if: geteuid() == 0)) struct PodContainersTests {
    private func container(_ name: String, _ script: String, _ more: String = "") -> String {
        let quoted = script.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        return "{name: \(name), image: busybox, command: [/bin/sh, -c, \"\(quoted)\"]\(more.isEmpty ? "" : ", " + more)}"
    }

    private func job(restart: String = "Never", _ containers: [String], initial: [String] = [], pod: [String] = [], spec: [String] = ["backoffLimit: 0"]) -> String {
        let lists = ["initContainers": initial, "containers": containers].filter { !$0.value.isEmpty }.map { "      \($0.key): [\($0.value.joined(separator: ", "))]\n" }
        return """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: several}
            spec:
            \(spec.map { "  \($0)\n" }.joined())  template:
                spec:
                  restartPolicy: \(restart)
            \(pod.map { "      \($0)\n" }.joined())\(lists.joined())
            """
    }

    private func run(_ text: String, _ scratch: Scratch, _ flags: [String] = []) async throws -> Drover.Result {
        try await Drover.run(["run", "-f", try scratch.write("job.yaml", text)] + flags)
    }

    @Test func initContainersThenAllSideBySide() async throws {
        let scratch = try Scratch(), log = scratch.path("log"), data = scratch.path("data")
        let mount = "volumeMounts: [{name: d, mountPath: \(data)}]"
        let text = job(
            [container("a", "cat \(data)/made; echo a >> \(log)", mount), container("b", "sleep 0.3; echo b >> \(log)")],
            initial: [container("one", "sleep 0.2; echo one >> \(log); echo input > \(data)/made", mount), container("two", "echo two >> \(log); cat \(data)/made", mount)],
            pod: ["volumes: [{name: d, emptyDir: {}}]"])
        let result = try await run(text, scratch)
        #expect(result.status == 0 && result.lines == ["input", "input"], "\(result)")
        #expect(scratch.read("log") == "one\ntwo\na\nb\n")
    }

    @Test func sidecarsAreThereFromBeforeToAfter() async throws {
        let scratch = try Scratch(), log = scratch.path("log")
        let sidecar = container(
            "side", "trap 'echo side-out >> \(log); exit 0' TERM; echo side-in >> \(log); touch \(scratch.path("up")); while :; do sleep 0.05; done",
            "restartPolicy: Always, startupProbe: {periodSeconds: 1, exec: {command: [test, -e, \(scratch.path("up"))]}}")
        let result = try await run(job([container("main", "sleep 0.3; echo main >> \(log)")], initial: [sidecar]), scratch)
        #expect(result.status == 0 && scratch.read("log") == "side-in\nmain\nside-out\n", "\(result) \(scratch.read("log"))")
    }

    @Test func initContainersFailAsThePodsPolicySays() async throws {
        let scratch = try Scratch(), tries = scratch.path("tries")
        let script = "echo x >> \(tries); [ $$(wc -l < \(tries)) -ge 3 ]"
        let never = try await run(job([container("main", "echo ran")], initial: [container("i", script)]), scratch)
        #expect(never.status == 1 && never.output.isEmpty && scratch.read("tries") == "x\n", "\(never)")
        let again = try await run(job(restart: "OnFailure", [container("main", "echo ran")], initial: [container("i", script)], spec: []), scratch, ["--container-restart-backoff-base", "50ms"])
        #expect(again.status == 0 && again.lines == ["ran"] && scratch.read("tries") == "x\nx\nx\n", "\(again)")
    }

    @Test func oneFailedContainerFailsThePodWhenAllHaveEnded() async throws {
        let scratch = try Scratch()
        let result = try await run(job([container("good", "sleep 0.4; echo whole"), container("bad", "exit 9")]), scratch)
        #expect(result.status == 1 && result.lines == ["whole"] && result.errors.contains("9"), "\(result)")
    }

    @Test func exitCodesDecideOverRestarts() async throws {
        let scratch = try Scratch(), tries = scratch.path("tries")
        let rules = "restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [42]}}]"
        let script = "echo x >> \(tries); n=$$(wc -l < \(tries)); [ $$n -ge 3 ] && exit 7; exit 42"
        let flags = ["--container-restart-backoff-base", "50ms", "--pod-failure-backoff-base", "10ms"]
        let result = try await run(job([container("main", script, rules)], spec: ["backoffLimit: 3"]), scratch, flags)
        #expect(result.status == 1 && scratch.read("tries").hasPrefix("x\nx\nx\n"), "\(result)")
    }

    @Test func livenessEndsWhatHangs() async throws {
        let scratch = try Scratch(), tries = scratch.path("tries")
        let probe = "livenessProbe: {initialDelaySeconds: 1, periodSeconds: 1, failureThreshold: 1, exec: {command: [test, -e, \(scratch.path("alive"))]}}"
        let script = "echo x >> \(tries); [ $$(wc -l < \(tries)) -ge 2 ] && exit 0; sleep 600"
        let result = try await run(job(restart: "OnFailure", [container("main", script, probe)], pod: ["terminationGracePeriodSeconds: 1"], spec: []), scratch)
        #expect(result.status == 0 && scratch.read("tries") == "x\nx\n", "\(result)")
    }

    @Test func hooks() async throws {
        let scratch = try Scratch(), log = scratch.path("log")
        let hooks = "lifecycle: {postStart: {exec: {command: [/bin/sh, -c, \"echo start >> \(log)\"]}}, preStop: {exec: {command: [/bin/sh, -c, \"echo stop >> \(log)\"]}}}"
        let script = "trap 'echo term >> \(log); exit 0' TERM; while :; do sleep 0.05; done"
        let result = try await run(job([container("main", script, hooks)], spec: ["backoffLimit: 0", "activeDeadlineSeconds: 2"]), scratch)
        #expect(result.status == 1 && scratch.read("log") == "start\nstop\nterm\n", "\(result) \(scratch.read("log"))")
    }

    @Test func lastWords() async throws {
        let scratch = try Scratch()
        let file = try await run(job([container("main", "echo from the file > /dev/termination-log; exit 3")]), scratch)
        #expect(file.errors.contains("Error: from the file"), "\(file)")
        let own = try await run(job([container("main", "echo own > \(scratch.path("word")); exit 3", "terminationMessagePath: \(scratch.path("word"))")]), scratch)
        #expect(own.errors.contains("Error: own"), "\(own)")
        let log = try await run(job([container("main", "echo printed; exit 3", "terminationMessagePolicy: FallbackToLogsOnError")]), scratch)
        #expect(log.errors.contains("Error: printed"), "\(log)")
    }
}
