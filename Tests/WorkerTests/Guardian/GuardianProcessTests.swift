import CLinux
import Glibc
import Testing

@testable import Worker

/// A program that only calls `GuardianMain.run`, where the build has one next to the tests; the end-to-end tests use the real binary.
private let helper: String? = {
    var path = [CChar](repeating: 0, count: 4096)
    let arguments = CommandLine.arguments.compactMap { $0.lastIndex(of: "/").map { slash in String(CommandLine.arguments[0][..<slash]) } }
    _ = readlink("/proc/self/exe", &path, 4095)
    let bundle = readSmallFile("/proc/self/cmdline")?.split(separator: "\0").first { $0.contains(".xctest") }.map(String.init)
    let folders = arguments + [bundle].compactMap { $0.flatMap { name in name.range(upTo: ".build/debug/") } }
    return folders.map { $0 + "/guardian-helper" }.first { access($0, X_OK) == 0 }
}()

extension String {
    fileprivate func range(upTo part: String) -> String? {
        for index in indices where self[index...].hasPrefix(part) { return String(self[..<index]) + part }
        return nil
    }
}

@Suite(.enabled(if: helper != nil)) struct GuardianProcessTests {
    private func client(_ tree: CgroupTree?) throws -> GuardianClient {
        try GuardianClient.start(.init(executable: helper!, arguments: ["__guardian", tree?.path ?? ""], tree: tree), reaper: reaper)
    }

    private func sleeper(_ cgroup: Cgroup?) -> ProcessSpec {
        ProcessSpec(arguments: ["/bin/sleep", "300"], cgroup: cgroup)
    }

    @Test(arguments: hasCgroups ? [true, false] : [false])
    func lostWorkerTakesItsAttemptsAlong(usesCgroup: Bool) async throws {
        let tree = usesCgroup ? makeTree() : nil
        var guardian: GuardianClient? = try client(tree)
        let process = guardian!.process
        var spec = sleeper(try tree?.leaf("slot-1"))
        try guardian!.cover(1, deadline: 0, spec: &spec)
        let attempt = try reaper.spawn(spec)
        let redis = try reaper.spawn(shell("trap 'exit 5' TERM; while :; do sleep 0.05; done"))
        try await Task.sleep(for: .milliseconds(100))
        try guardian!.guardRedis(pid: redis.pid)
        guardian = nil
        #expect(await attempt.exit() == .signaled(SIGKILL))
        #expect(await redis.exit() == .exited(5))
        #expect(await process.exit() == .exited(0))
        if let tree { #expect(access(tree.path, F_OK) != 0) }
    }

    @Test(arguments: hasCgroups ? [true, false] : [false])
    func passedDeadlineIsEndedAndReported(usesCgroup: Bool) async throws {
        let tree = usesCgroup ? makeTree() : nil
        let guardian = try client(tree)
        var spec = sleeper(try tree?.leaf("slot-1"))
        try guardian.cover(7, deadline: drover_boottime_ms() + 5000, spec: &spec)
        let attempt = try reaper.spawn(spec)
        try guardian.renewAll(deadline: drover_boottime_ms() + 200)
        #expect(await attempt.exit() == .signaled(SIGKILL))
        #expect(guardian.hasFenced(7), "it says so before it does it")
        #expect(!guardian.hasFenced(8))
        if usesCgroup {
            let error = #expect(throws: SpawnError.self) { try reaper.spawn(spec) }
            #expect(error?.isFenced == true)
        }
        await guardian.shutdown(grace: .seconds(5))
        #expect(await guardian.died() == .exited(0))
    }

    @Test func removedAttemptOutlivesTheGuardian() async throws {
        let guardian = try client(nil)
        var spec = sleeper(nil)
        try guardian.cover(1, deadline: drover_boottime_ms() + 300, spec: &spec)
        let attempt = try reaper.spawn(spec)
        try guardian.remove(1)
        await guardian.shutdown(grace: .seconds(5))
        #expect(attempt.status == nil)
        attempt.send(signal: SIGKILL)
        #expect(await attempt.exit() == .signaled(SIGKILL))
    }

    @Test func signalsDoNotEndIt() async throws {
        let guardian = try client(nil)
        try await Task.sleep(for: .milliseconds(200))
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { guardian.process.send(signal: signal) }
        try await Task.sleep(for: .milliseconds(100))
        #expect(!guardian.isDead)
        await guardian.shutdown(grace: .seconds(5))
        #expect(await guardian.died() == .exited(0))
    }

    @Test(arguments: hasCgroups ? [true, false] : [false])
    func successorCoversWhatRuns(usesCgroup: Bool) async throws {
        let tree = usesCgroup ? makeTree() : nil
        var first: GuardianClient? = try client(tree)
        var spec = sleeper(try tree?.leaf("slot-1"))
        try first!.cover(1, deadline: 0, spec: &spec)
        let attempt = try reaper.spawn(spec)
        first!.started(1, deadline: 0, process: attempt)
        first!.process.send(signal: SIGKILL)
        #expect(await first!.died() == .signaled(SIGKILL))
        #expect(throws: GuardianError.gone) { try first!.remove(99) }
        var second: GuardianClient? = try first!.restarted()
        first = nil
        try await Task.sleep(for: .milliseconds(200))
        #expect(attempt.status == nil)
        #expect(second?.isDead == false)
        second = nil
        #expect(await attempt.exit() == .signaled(SIGKILL))
    }
}
