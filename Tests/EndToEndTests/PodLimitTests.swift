import BatchAPI
import Foundation
import Testing

/// Pods that want too much: memory, processes, cores, log. DROVER_TEST_SCALE=full writes a log of 1 GB.
/// A dollar sign is written twice: `$$` stands for one in commands.
@Suite(.serialized, .enabled(if: geteuid() == 0, "limits need root")) struct PodLimitTests {
    private static let isFull = ProcessInfo.processInfo.environment["DROVER_TEST_SCALE"] == "full"

    private func run(_ script: String, limits: String? = nil) async throws -> Drover.Result {
        let scratch = try Scratch()
        var job = Manifests.job("greedy", spec: ["backoffLimit: 0"], script: script)
        if let limits { job = job.replacing("        image: busybox", with: "        image: busybox\n        resources: {limits: {\(limits)}}") }
        return try await Drover.run(["run", "-f", try scratch.write("job.yaml", job)])
    }

    /// The kernel may take any of its processes: all of them go, and the pod says why.
    @Test func memory() async throws {
        let scratch = try Scratch()
        let script = "sh -c 'echo $$$$ > \(scratch.path("pid")); exec sleep 600' &\nhead -c 200000000 /dev/zero | tail -c 190000000 | wc -c; wait"
        let result = try await run(script, limits: "memory: 64Mi")
        #expect(result.status == 1 && result.errors.contains("OOMKilled"), "\(result)")
        let pid = try #require(Int32(scratch.read("pid").trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(!Processes.isAlive(pid))
    }

    @Test func forkBomb() async throws {
        let scratch = try Scratch(), up = try await Up(["--pod-pids-limit", "40"])
        defer { up.end() }
        // Every copy carries the folder's name; the first one lives on beside its bomb and looks.
        let bomb = "bomb() { bomb | bomb & }; bomb; sleep 0.7"
        let script = """
            bash -c '\(bomb)' \(scratch.root) 2> /dev/null &
            sleep 0.5
            grep -lF \(scratch.root) /proc/[0-9]*/cmdline 2> /dev/null | wc -l > \(scratch.path("count"))
            exit 0
            """
        let job = Manifests.job("bomb", spec: ["backoffLimit: 0"], script: script).replacing("/bin/sh", with: "/bin/bash")
        let path = "/apis/batch/v1/namespaces/default/jobs"
        #expect(try await up.send("POST", path, job, type: "application/yaml").code == 201)
        _ = try await up.until(path + "/bomb") { $0.holds("Complete") || $0.holds("Failed") }
        let count = Int(scratch.read("count").trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
        // Its own shell cannot fork then: no count, and the pod may fail; the run ends all the same.
        print("fork bomb: \(count) processes at a limit of 40")
        #expect(count <= 41)
        #expect(await wait(seconds: 10) { Processes.with(scratch.root).isEmpty }, "left: \(Processes.with(scratch.root))")
    }

    @Test func cores() async throws {
        let script = "python3 -c 'import time\nstart = time.time()\nwhile time.time() - start < 2: pass\nprint(time.process_time() / (time.time() - start))'"
        let result = try await run(script, limits: "cpu: 250m")
        let share = result.lines.first.flatMap { Double($0) } ?? 0
        print("cpu: 250m takes \(share) of a core")
        // On a busy machine it gets less.
        #expect(result.status == 0 && share > 0.02 && share < 0.35, "\(result)")
    }

    /// A daemon as daemons are: two forks, a session of its own, deaf to SIGTERM.
    @Test func daemon() async throws {
        let scratch = try Scratch(), pid = scratch.path("pid")
        let daemon = "setsid sh -c \"trap '' TERM HUP; (setsid sh -c 'trap \\\"\\\" TERM HUP; echo \\$$\\$$ > \(pid); while :; do sleep 1; done' &)\" &"
        let result = try await run("\(daemon)\nuntil [ -s \(pid) ]; do sleep 0.05; done; echo left")
        #expect(result.status == 0 && result.lines == ["left"], "\(result)")
        let number = try #require(Int32(scratch.read("pid").trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(!Processes.isAlive(number), "the daemon has survived its pod")
    }

    /// More than 50 MiB of log: neither the worker nor the disk grows with it; the end is there, and a follower sees whole lines in order to the last.
    @Test(.enabled(if: Kubectl.path != nil, "needs kubectl")) func longLog() async throws {
        let up = try await Up(), scratch = try Scratch(), last = Self.isFull ? 120_000_000 : 7_500_000
        defer { up.end() }
        func hold(until name: String) -> String { "until [ -e \(scratch.path(name)) ]; do sleep 0.05; done" }
        let job = Manifests.job("long", script: "echo begin; \(hold(until: "go")); seq 1 \(last); touch \(scratch.path("written")); \(hold(until: "end"))")
        #expect(try await up.kubectl(["create", "-f", "-"], input: job).status == 0)
        #expect(try await up.until("long", "{.status.ready}", is: "1"))
        let pod = try await up.kubectl(["get", "pods", "-l", "job-name=long", "-o", "name"]).lines.first ?? ""
        let before = Self.memory(of: up.command.pid)
        let follower = try Command(Kubectl.path!, ["logs", "-f", pod], environment: ["KUBECONFIG": up.scratch.path("data/kubeconfig"), "HOME": up.scratch.root])
        defer { follower.end() }
        #expect(await wait(seconds: 30) { follower.output == "begin\n" })
        _ = try scratch.write("go", "")
        #expect(await wait(seconds: 120) { FileManager.default.fileExists(atPath: scratch.path("written")) })
        let logs = up.scratch.path("data/worker/logs")
        #expect(await wait(seconds: 10) { Self.disk(logs) <= 55 << 20 }, "\(Self.disk(logs)) bytes on disk")
        #expect(try await up.kubectl(["logs", "--tail=2", pod]).lines == [String(last - 1), String(last)])
        _ = try scratch.write("end", "")
        #expect(await wait(seconds: 120) { !follower.isRunning }, "the follower goes on")
        let numbers = follower.output.split(separator: "\n").dropFirst().map { Int($0) ?? -1 }
        #expect(numbers.last == last && zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }, "\(numbers.count) lines, the last \(numbers.suffix(2))")
        let growth = Self.memory(of: up.command.pid) - before
        print("log of \(last) lines: memory \(growth >> 20) MiB more, \(Self.disk(logs) >> 20) MiB on disk, \(numbers.count) lines followed")
        #expect(growth < 128 << 20)
    }

    /// A run shows all of it, however fast it comes.
    @Test func longOutput() async throws {
        let scratch = try Scratch(), last = Self.isFull ? 120_000_000 : 15_000_000
        let command = try Command(Drover.path, ["run", "-f", try scratch.write("job.yaml", Manifests.job("long", script: "seq 1 \(last)"))])
        let result = try await command.finish(limit: 300)
        #expect(result.status == 0)
        #expect(Shell.run("seq 1 \(last) | cmp -s - \(command.folder.path("out"))") == 0, "something of the output is missing")
    }

    private static func memory(of pid: Int32) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) << 10
    }

    private static func disk(_ folder: String) -> Int {
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return files.reduce(0) { sum, name in
            var state = stat()
            return lstat(folder + "/" + name, &state) == 0 ? sum + Int(state.st_blocks) * 512 : sum
        }
    }
}
