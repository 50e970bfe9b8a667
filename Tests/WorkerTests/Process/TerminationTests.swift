import Glibc
import Testing

@testable import Worker

@Suite struct TerminationTests {
    /// Starts a script whose lines "ready" tell that it is set up.
    private func start(_ script: String, _ scratch: Scratch, _ cgroup: Cgroup?) async throws -> PodProcesses {
        var spec = shell(script)
        (spec.output, spec.workingDirectory, spec.cgroup) = (.file(scratch.path + "/out"), scratch.path, cgroup)
        let pod = PodProcesses(main: try reaper.spawn(spec), cgroup: cgroup)
        #expect(await eventually { scratch.read("out").contains("ready") })
        return pod
    }

    @Test(arguments: hasCgroups ? [true, false] : [false])
    func gracefulEnd(usesCgroup: Bool) async throws {
        let (scratch, tree) = (Scratch(), usesCgroup ? makeTree() : nil)
        let pod = try await start("trap 'echo bye; exit 4' TERM; echo ready; while :; do sleep 0.05; done", scratch, try tree?.leaf("a"))
        let end = await Termination.end(pod, grace: .seconds(10))
        #expect(end.status == .exited(4))
        #expect(scratch.read("out").contains("bye"))
        #expect(await tree?.end() != false)
    }

    @Test(arguments: hasCgroups ? [true, false] : [false])
    // S213: what ignores SIGTERM is killed when its grace is over.
    func graceRunsOut(usesCgroup: Bool) async throws {
        let (scratch, tree) = (Scratch(), usesCgroup ? makeTree() : nil)
        let pod = try await start("trap '' TERM; sleep 300 & echo ready; while :; do sleep 1; done", scratch, try tree?.leaf("a"))
        let begun = ContinuousClock.now
        #expect(await Termination.end(pod, grace: .milliseconds(300)).status == .signaled(SIGKILL))
        #expect(ContinuousClock.now - begun >= .milliseconds(300))
        #expect(pod.isEmpty)
        #expect(await tree?.end() != false)
    }

    @Test(arguments: hasCgroups ? [true, false] : [false])
    func backgroundChildEndsWithItsPod(usesCgroup: Bool) async throws {
        let (scratch, tree) = (Scratch(), usesCgroup ? makeTree() : nil)
        let pod = try await start("sleep 300 & echo $! > child; echo ready; exit 0", scratch, try tree?.leaf("a"))
        #expect(await Termination.finish(pod).status == .exited(0))
        let child = try #require(Int32(scratch.read("child").dropLast()))
        #expect(!isAlive(child))
        #expect(await tree?.end() != false)
    }

    @Test(.enabled(if: hasCgroups)) func doubleForkedDaemonEndsWithItsPod() async throws {
        let (scratch, tree) = (Scratch(), try #require(makeTree()))
        let cgroup = try tree.leaf("a")
        let script = "setsid sh -c 'setsid sleep 300 & echo $! > daemon; echo ready' & while [ ! -s daemon ]; do sleep 0.01; done; exit 0"
        let pod = try await start(script, scratch, cgroup)
        #expect(await Termination.finish(pod).status == .exited(0))
        let daemon = try #require(Int32(scratch.read("daemon").dropLast()))
        #expect(!isAlive(daemon))
        #expect(!cgroup.isPopulated && cgroup.processes().isEmpty)
        #expect(await tree.end())
    }

    @Test(.enabled(if: hasCgroups)) func removedCgroupRefusesItsChild() async throws {
        let tree = try #require(makeTree())
        let cgroup = try tree.leaf("a")
        #expect(cgroup.exists && cgroup.remove() && !cgroup.exists)
        var spec = shell("exit 0")
        spec.cgroup = cgroup
        let error = #expect(throws: SpawnError.self) { try reaper.spawn(spec) }
        #expect(error?.isFenced == true, "\(String(describing: error))")
        #expect(await tree.end())
    }

    @Test(.enabled(if: hasCgroups)) func slotMovesToAFreshCgroup() async throws {
        let tree = try #require(makeTree())
        var slot = SlotCgroup(tree: tree, slot: 3)
        let first = try slot.current()
        #expect(try slot.current() === first && first.name == "slot-3.0")
        first.remove()
        #expect(try slot.renewed().name == "slot-3.1")
        #expect(try slot.current().exists)
        #expect(await tree.end())
    }

    @Test(.enabled(if: hasCgroups)) func treeEndsWithAllThatRunsInIt() async throws {
        let tree = try #require(makeTree())
        var spec = shell("exec sleep 300")
        spec.cgroup = try tree.leaf("a")
        mkdir(spec.cgroup!.path + "/nested", 0o755)
        let process = try reaper.spawn(spec)
        #expect(spec.cgroup!.processes() == [process.pid])
        #expect(await tree.end())
        #expect(await process.exit() == .signaled(SIGKILL))
        #expect(access(tree.path, F_OK) != 0)
    }

    @Test func mountPointIsRead() {
        let hybrid = """
            31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw
            35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:9 - cgroup2 cgroup2 rw
            """
        #expect(CgroupTree.mountPoint(mountInfo: hybrid) == "/sys/fs/cgroup/unified")
        #expect(CgroupTree.mountPoint(mountInfo: "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory") == nil)
        #expect(CgroupTree.mountPoint(mountInfo: "") == nil)
    }

    @Test func statusOfOddNames() {
        let text = "42 (a) b (c) S 1 42 40 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 12345 1 1"
        let status = ProcessStatus(text: text)
        #expect(status?.state == "S" && status?.parent == 1 && status?.session == 40 && status?.startTicks == 12345)
        #expect(ProcessStatus(text: "42 (x") == nil)
    }

    @Test func recycledPidIsNotTheSession() throws {
        let own = try #require(ProcessIdentity(pid: getpid()))
        #expect(own.exists)
        let earlier = ProcessIdentity(pid: own.pid, startTicks: own.startTicks - 1)
        #expect(!earlier.exists)
        #expect(Session(leader: earlier).processes().isEmpty)
    }
}
