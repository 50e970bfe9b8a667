import BatchAPI
import Glibc
import Testing

@testable import Worker

/// Limits of containers: what is asked for, what is written, what the kernel makes of it.
@Suite struct LimitTests {
    @Test func whatIsWritten() {
        let container = Container(["name": "c", "resources": ["requests": ["cpu": "100m"], "limits": ["cpu": "250m", "memory": "64Mi", "ephemeral-storage": "1Gi"]]])
        let limits = ResourceLimits(container, processes: 50)
        let split = limits.split.flatMap { group in group.files.map { "\(group.controller) \($0.name)=\($0.value)" } }
        #expect(split == ["cpu cpu.cfs_period_us=100000", "cpu cpu.cfs_quota_us=25000", "cpu cpu.shares=102", "memory memory.limit_in_bytes=67108864", "pids pids.max=50"])
        #expect(limits.unified.map { "\($0.name)=\($0.value)" } == ["cpu.max=25000 100000", "cpu.weight=4", "memory.max=67108864", "memory.oom.group=1", "pids.max=50"])
        #expect(ResourceLimits(Container(["resources": ["requests": ["cpu": "1"]]]), processes: nil).isNone)
    }

    @Test func controllersAreFoundWhereTheyAre() {
        let table = """
            32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
            35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
            41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
            """
        #expect(LimitHost.splitMounts(table) == ["cpu": "/sys/fs/cgroup/cpu,cpuacct", "memory": "/sys/fs/cgroup/memory"])
        #expect(LimitHost.find(tree: nil, instance: "x", mountInfo: table) == nil, "pids is missing")
    }

    private static let canLimit = LimitHost.find(tree: nil, instance: "test-probe-\(getpid())").map { _ in LimitHost.clear(instance: "test-probe-\(getpid())") } != nil

    private func limited(
        _ name: String, _ change: (inout ResourceLimits) -> Void, _ script: String
    ) async throws -> (output: String, status: ExitStatus, hasRunOut: Bool) {
        let instance = "test-\(getpid())-\(name)", host = try #require(LimitHost.find(tree: nil, instance: instance))
        defer { LimitHost.clear(instance: instance) }
        var limits = ResourceLimits()
        change(&limits)
        let group = try LimitGroup(limits, host: host, name: "c1"), scratch = Scratch()
        var spec = shell(script)
        (spec.output, spec.limitProcs) = (.file(scratch.path + "/out"), group.procs)
        let pod = PodProcesses(main: try reaper.spawn(spec), cgroup: nil)
        group.watch(pod, reaper)
        let end = await Termination.finish(pod)
        let hasRunOut = group.hasRunOut
        group.remove()
        return (scratch.read("out"), end.status, hasRunOut)
    }

    @Test(.enabled(if: canLimit)) func memoryEndsTheWholeContainer() async throws {
        let result = try await limited("memory", { $0.memory = 32 << 20 }, "echo begun; head -c 200000000 /dev/zero | tail -c 190000000 | wc -c; echo survived")
        #expect(result.output.hasPrefix("begun\n") && !result.output.contains("190000000") && result.hasRunOut, "\(result)")
        let modest = try await limited("modest", { $0.memory = 64 << 20 }, "echo fits")
        #expect(modest.output == "fits\n" && !modest.hasRunOut)
    }

    @Test(.enabled(if: canLimit)) func forkBombsAreContained() async throws {
        let result = try await limited("pids", { $0.processes = 8 }, "i=0; while [ $i -lt 30 ]; do sleep 20 & i=$((i+1)); done 2>/dev/null; echo all")
        #expect(!result.output.contains("all"), "thirty children under a limit of eight")
    }

    @Test(.enabled(if: canLimit)) func processorTimeIsAQuota() async throws {
        let result = try await limited("cpu", { $0.cpu = 250 }, "timeout 2 sh -c 'while :; do :; done'; times")
        let text = result.output.split(separator: "\n").last?.split(separator: " ").first ?? ""
        let seconds = text.split(separator: "m").last.flatMap { Double($0.dropLast()) } ?? 99
        #expect(seconds > 0.05 && seconds < 0.7, "\(result.output): a quarter of two seconds is half a second")
    }

    /// The same group for one run after the other: none pays for what was before it.
    @Test(.enabled(if: canLimit)) func aGroupServesAgainUnlessItIsSpent() async throws {
        let instance = "test-\(getpid())-kept", host = try #require(LimitHost.find(tree: nil, instance: instance)), scratch = Scratch()
        defer { LimitHost.clear(instance: instance) }
        var limits = ResourceLimits()
        (limits.memory, limits.cpu) = (32 << 20, 500)
        let kept = try KeptLimits(try LimitGroup(limits, host: host, name: "c1"), in: nil, name: nil)
        defer { kept.remove() }
        func run(_ script: String) async throws -> ExitStatus {
            var spec = shell(script)
            spec.limitProcs = kept.group.procs
            let pod = PodProcesses(main: try reaper.spawn(spec), cgroup: nil)
            kept.group.watch(pod, reaper)
            return await Termination.finish(pod).status
        }
        for _ in 0..<3 {
            #expect(try await run("exit 3") == .exited(3))
            #expect(!kept.group.hasRunOut && kept.serves(limits, in: nil))
        }
        var others = limits
        others.processes = 5
        #expect(!kept.serves(others, in: nil))
        // What a pod leaves in memory counts for the group until it is gone.
        let left = "/dev/shm/drover-test-\(getpid())"
        defer { unlink(left) }
        #expect(try await run("head -c 9000000 /dev/zero > \(left)") == .exited(0))
        #expect(!kept.serves(limits, in: nil))
        unlink(left)
        #expect(kept.serves(limits, in: nil))
        _ = try await run("head -c 200000000 /dev/zero | tail -c 190000000 | wc -c > \(scratch.path)/n")
        #expect(kept.group.hasRunOut && !kept.serves(limits, in: nil))
    }
}
