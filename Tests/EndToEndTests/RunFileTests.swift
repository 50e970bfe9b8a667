import Foundation
import Testing

/// `drover run -f`: the shipped examples, endings and exit statuses.
/// A dollar sign is written twice: `$$` stands for one in commands.
@Suite(.serialized) struct RunFileTests {
    private func example(_ name: String) -> String { projectRoot + "/deploy/examples/\(name).yaml" }

    @Test func everyOrdinalOnceAndThreeAtATime() async throws {
        let scratch = try Scratch()
        let text = try String(contentsOfFile: example("parallel-processing-quick"), encoding: .utf8)
            .replacing("sleep 1", with: "mkdir \(scratch.root)/$$$$; ls -d \(scratch.root)/[0-9]* | wc -l >> \(scratch.path("live")); sleep 0.3; rmdir \(scratch.root)/$$$$")
        let result = try await Drover.run(["run", "-f", try scratch.write("job.yaml", text)])
        #expect(result.status == 0, "\(result)")
        let printed = result.lines
        #expect(printed.filter { $0.hasPrefix("Processing item") }.sorted() == (0..<10).map { "Processing item \($0)" }, "\(result)")
        #expect(printed.filter { $0.hasSuffix("completed") }.count == 10)
        let live = scratch.read("live").split(separator: "\n").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
        #expect(live.count == 10)
        #expect((live.max() ?? 0) <= 3, "more than parallelism ran side by side")
    }

    @Test func theThreeModes() async throws {
        for (name, expected) in [("single", 1...1), ("fixed-count", 5...5), ("work-queue", 1...3)] {
            let result = try await Drover.run(["run", "-f", example(name)])
            #expect(result.status == 0, "\(name): \(result)")
            #expect(expected.contains(result.lines.count), "\(name): \(result)")
        }
    }

    @Test func piToTwoThousandDigits() async throws {
        guard FileManager.default.fileExists(atPath: "/usr/share/perl5/Math/BigInt.pm") else { return }
        let result = try await Drover.run(["run", "-f", example("pi-calculation")], limit: 300)
        #expect(result.status == 0, "\(result)")
        let digits = result.output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(digits.count == 2001 && digits.hasPrefix("3.14159265358979") && digits.hasSuffix("780275901"), "\(digits.suffix(20))")
    }

    @Test func missingCommandIsNamed() async throws {
        let scratch = try Scratch()
        let job = Manifests.job("missing", spec: ["backoffLimit: 0"], script: "true").replacing("/bin/sh", with: "no-such-command-here")
        let result = try await Drover.run(["run", "-f", try scratch.write("job.yaml", job)])
        #expect(result.status == 1, "\(result)")
        #expect(result.errors.contains("no-such-command-here: command not found"), "\(result)")
    }

    @Test("S21: three pods, doubling delays, BackoffLimitExceeded") func backoffLimit() async throws {
        let scratch = try Scratch()
        let script = "date +%s%N >> \(scratch.path("starts"))\nexit 3"
        let file = try scratch.write("job.yaml", Manifests.job("fails", spec: ["backoffLimit: 2"], script: script))
        let result = try await Drover.run(["run", "-f", file, "--pod-failure-backoff-base", "500ms"])
        #expect(result.status == 1, "\(result)")
        #expect(result.errors.contains("BackoffLimitExceeded"), "\(result)")
        let starts = scratch.read("starts").split(separator: "\n").compactMap { Double($0) }.map { $0 / 1e9 }
        #expect(starts.count == 3, "\(starts)")
        guard starts.count == 3 else { return }
        #expect(starts[1] - starts[0] >= 0.5 && starts[2] - starts[1] >= 1.0, "\(starts)")
    }

    @Test func deadlineEndsAllProcesses() async throws {
        let scratch = try Scratch()
        let script = "sh -c 'echo $$$$ >> \(scratch.path("pids")); exec sleep 61' &\necho $$$$ >> \(scratch.path("pids"))\nsleep 60"
        let file = try scratch.write("job.yaml", Manifests.job("late", spec: ["activeDeadlineSeconds: 2"], script: script, pod: ["terminationGracePeriodSeconds: 1"]))
        let result = try await Drover.run(["run", "-f", file])
        #expect(result.status == 1, "\(result)")
        #expect(result.errors.contains("DeadlineExceeded"), "\(result)")
        let pids = scratch.read("pids").split(separator: "\n").compactMap { Int32($0) }
        #expect(pids.count == 2)
        for pid in pids { #expect(!Processes.isAlive(pid), "\(pid) has survived") }
    }

    @Test("P3: a container is restarted in its pod") func restartsInPlace() async throws {
        let scratch = try Scratch()
        let script = "echo try >> \(scratch.path("tries"))\n[ $(wc -l < \(scratch.path("tries"))) -ge 3 ]"
        let file = try scratch.write("job.yaml", Manifests.job("again", restart: "OnFailure", script: script))
        let result = try await Drover.run(["run", "-f", file, "--container-restart-backoff-base", "100ms"])
        #expect(result.status == 0, "\(result)")
        #expect(scratch.read("tries").split(separator: "\n").count == 3)
    }

    @Test(.enabled(if: geteuid() == 0)) func volumesAreMountedForThePodAlone() async throws {
        let scratch = try Scratch()
        let mounts = ["claim", "scratch"].map { scratch.path($0) }
        let job = Manifests.job("mounts", script: "echo kept > \(mounts[0])/f && echo gone > \(mounts[1])/g && cat \(mounts[0])/f \(mounts[1])/g")
            .replacing("        image: busybox", with: "        image: busybox\n        volumeMounts:\n        - {name: a, mountPath: \(mounts[0])}\n        - {name: b, mountPath: \(mounts[1])}")
            + "      volumes:\n      - {name: a, persistentVolumeClaim: {claimName: c}}\n      - {name: b, emptyDir: {}}\n"
        let result = try await Drover.run(["run", "-f", try scratch.write("job.yaml", job)])
        #expect(result.status == 0 && result.lines == ["kept", "gone"], "\(result)")
        for mount in mounts { #expect(!FileManager.default.fileExists(atPath: mount), "the mount point stays") }
    }

    @Test func interruptLeavesNothing() async throws {
        let scratch = try Scratch()
        let file = try scratch.write("job.yaml", Manifests.job("long", script: "echo $$$$ > \(scratch.path("pid"))\ntrap '' TERM\nsleep 600 & wait; sleep 600"))
        let command = try Command(Drover.path, ["run", "-f", file, "--shutdown-timeout", "1s"])
        #expect(await wait(seconds: 30) { !scratch.read("pid").isEmpty })
        let pid = try #require(Int32(scratch.read("pid").trimmingCharacters(in: .whitespacesAndNewlines)))
        command.signal(SIGINT)
        let result = try await command.finish(limit: 30)
        #expect(result.status == 130, "\(result)")
        #expect(await wait(seconds: 10) { !Processes.isAlive(pid) }, "the attempt has survived")
    }

    @Test func killedRunLeavesNothing() async throws {
        let scratch = try Scratch()
        let file = try scratch.write("job.yaml", Manifests.job("long", script: "echo $$$$ > \(scratch.path("pid"))\nsleep 600"))
        let command = try Command(Drover.path, ["run", "-f", file], environment: ["TMPDIR": scratch.root])
        #expect(await wait(seconds: 30) { !scratch.read("pid").isEmpty })
        let pid = try #require(Int32(scratch.read("pid").trimmingCharacters(in: .whitespacesAndNewlines)))
        command.signal(SIGKILL)
        _ = try await command.finish(limit: 30)
        #expect(await wait(seconds: 10) { !Processes.isAlive(pid) }, "the attempt has survived")
        #expect(await wait(seconds: 10) { Processes.with(scratch.root).isEmpty }, "left: \(Processes.with(scratch.root))")
    }
}

/// What runs on this machine.
enum Processes {
    /// Whether a process runs; one that is dead and not yet reaped does not.
    static func isAlive(_ pid: Int32) -> Bool {
        guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return false }
        return String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ").first != "Z"
    }

    /// Processes whose command line speaks of this folder.
    static func with(_ folder: String) -> [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { entry in
            guard Int32(entry) != nil, let data = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline") else { return nil }
            let line = String(decoding: data.map { $0 == 0 ? 32 : $0 }, as: UTF8.self)
            return line.contains(folder) ? "\(entry) \(line)" : nil
        }
    }
}
