import CLinux
import Glibc
import Testing

@testable import Worker

@Suite struct SpawnTests {
    /// S211: exit codes of what was killed are 128 and the signal.
    @Test(arguments: [
        ("exit 0", ExitStatus.exited(0), Int32(0)), ("exit 3", .exited(3), 3), ("exit 255", .exited(255), 255),
        ("kill -TERM $$", .signaled(SIGTERM), 143), ("kill -KILL $$", .signaled(SIGKILL), 137), ("kill -PIPE $$", .signaled(SIGPIPE), 141),
    ])
    func exitCodes(script: String, status: ExitStatus, code: Int32) async throws {
        let end = try await run(script).status
        #expect(end == status)
        #expect(end.exitCode == code)
    }

    @Test func failuresNameTheirStage() throws {
        let scratch = Scratch()
        let plain = scratch.write("plain", "x")
        let script = scratch.write("lost", "#!/no/such/interpreter\n", mode: 0o755)
        let cases: [(ProcessSpec, SpawnError.Stage, Int32, Int32)] = [
            (ProcessSpec(arguments: ["no-such-command"], environment: ["PATH": systemPath]), .resolve, ENOENT, 127),
            (ProcessSpec(arguments: ["true"]), .resolve, ENOENT, 127),
            (ProcessSpec(arguments: ["plain"], environment: ["PATH": scratch.path]), .resolve, EACCES, 126),
            (ProcessSpec(arguments: ["/no/such/file"]), .exec, ENOENT, 127),
            (ProcessSpec(arguments: [plain]), .exec, EACCES, 126),
            (ProcessSpec(arguments: [script]), .exec, ENOENT, 127),
            (ProcessSpec(arguments: ["/tmp"]), .exec, EACCES, 126),
            (ProcessSpec(arguments: ["/bin/true"], workingDirectory: "/no/such"), .directory, ENOENT, 128),
            (ProcessSpec(arguments: ["/bin/true"], output: .file("/no/such/file")), .output, ENOENT, 128),
            (ProcessSpec(arguments: ["/bin/true", "a\0b"]), .exec, EINVAL, 126),
            (ProcessSpec(arguments: []), .exec, EINVAL, 126),
        ]
        for (spec, stage, code, exitCode) in cases {
            let error = #expect(throws: SpawnError.self) { try reaper.spawn(spec) }
            #expect(error?.stage == stage && error?.code == code && error?.exitCode == exitCode, "\(spec.arguments)")
        }
        #expect(SpawnError(stage: .resolve, code: ENOENT, subject: "x").description == "x: command not found")
    }

    @Test func environmentIsExact() async throws {
        let scratch = Scratch()
        setenv("DROVER_TEST_LEAK", "1", 1)
        let environment = ["A": "1", "EMPTY": "", "SPACED": "a b=c\nd", "ÄÖ": "ü"]
        let spec = ProcessSpec(arguments: ["/usr/bin/env", "-0"], environment: environment, output: .file(scratch.path + "/out"))
        #expect(try await reaper.spawn(spec).exit() == .exited(0))
        let entries = scratch.read("out").split(separator: "\0").map(String.init)
        #expect(Set(entries) == Set(environment.map { "\($0.key)=\($0.value)" }))
    }

    @Test func childSeesOnlyStandardDescriptors() async throws {
        let leak = open("/dev/null", O_RDONLY)
        let high = fcntl(leak, F_DUPFD, 200)
        defer {
            close(leak)
            close(high)
        }
        // A second command keeps the shell from becoming ls, which has the directory open.
        #expect(try await run("ls /proc/$$/fd; true").output == "0\n1\n2\n")
        #expect(try await run("ls /proc/$$/fd; true") { $0.inherited = [high, leak] }.output == "0\n1\n2\n3\n4\n")
    }

    @Test func setUpIsClean() async throws {
        signal(SIGPIPE, SIG_IGN)
        let result = try await run("umask; pwd; grep -E '^Sig(Blk|Ign)' /proc/$$/status | cut -f2; cut -d' ' -f6 /proc/$$/stat | grep -cx $$") {
            $0.workingDirectory = "/usr"
            $0.fileModeMask = 0o027
        }
        #expect(result.output == "0027\n/usr\n0000000000000000\n0000000000000000\n1\n")
    }

    @Test(.enabled(if: geteuid() == 0)) func identityAndLimits() async throws {
        let result = try await run("id -u; id -g; id -G; ulimit -n; grep NoNewPrivs /proc/$$/status | cut -f2") {
            ($0.user, $0.group, $0.groups, $0.noNewPrivileges) = (65534, 65533, [65533, 1234], true)
            $0.limits = [.init(resource: Int32(RLIMIT_NOFILE.rawValue), soft: 256, hard: 256)]
        }
        #expect(result.output == "65534\n65533\n65533 1234\n256\n1\n")
    }

    @Test func commandIsFoundByTheChildsPath() async throws {
        let scratch = Scratch()
        mkdir(scratch.path + "/bin", 0o755)
        _ = scratch.write("bin/tool", "#!/bin/sh\nexit 7\n", mode: 0o755)
        for path in ["\(scratch.path)/bin", "/no/such:\(scratch.path)/bin:/bin", "bin"] {
            let spec = ProcessSpec(arguments: ["tool"], environment: ["PATH": path], workingDirectory: scratch.path)
            #expect(try await reaper.spawn(spec).exit() == .exited(7))
        }
    }

    @Test func pastFenceDeadlineNothingRuns() throws {
        var spec = ProcessSpec(arguments: ["/bin/true"])
        spec.notAfter = drover_boottime_ms() - 1
        let error = #expect(throws: SpawnError.self) { try reaper.spawn(spec) }
        #expect(error?.stage == .fence && error?.isFenced == true)
    }

    @Test func manyAtOnceAllReport() async throws {
        let codes = try await withThrowingTaskGroup(of: Int32.self) { group in
            for index in 0..<200 { group.addTask { try await run("exit \(index)").status.exitCode } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(codes == Set(0..<200))
    }
}
