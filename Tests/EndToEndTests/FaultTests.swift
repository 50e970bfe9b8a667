import Foundation
import Testing

/// Processes, links and stores are taken away in the middle of a run. DROVER_TEST_SCALE=full runs the sizes of the issue; a tenth is enough
/// to see each fault between two items.
@Suite(.serialized, .enabled(if: geteuid() == 0 && Kubectl.path != nil, "needs root and kubectl")) struct FaultTests {
    private static let isFull = ProcessInfo.processInfo.environment["DROVER_TEST_SCALE"] == "full"
    private static let flags = ["--lease=3s", "--pod-failure-backoff-base=100ms", "--pod-failure-backoff-max=1s"]

    private func submit(_ cluster: Cluster, _ name: String, items: Int, parallelism: Int, seconds: Double, backoffLimit: Int = 1000) async throws -> AttemptLog {
        let log = AttemptLog(folder: cluster.scratch.path(name))
        try FileManager.default.createDirectory(atPath: log.folder, withIntermediateDirectories: false)
        let spec = ["completions: \(items)", "parallelism: \(parallelism)", "completionMode: Indexed", "backoffLimit: \(backoffLimit)"]
        let job = Manifests.job(name, spec: spec, script: log.script(seconds: seconds), pod: ["terminationGracePeriodSeconds: 1"])
        let created = try await cluster.kubectl(1, ["create", "--validate=false", "-f", "-"], input: job)
        #expect(created.status == 0, "\(created) \(cluster.story)")
        return log
    }

    /// Waits for the end of a Job, asking whichever coordinator answers.
    private func status(_ cluster: Cluster, _ job: String, _ path: String) async throws -> String {
        for number in cluster.coordinators.keys.sorted() where cluster.coordinators[number]!.isRunning {
            let answer = try await cluster.kubectl(number, ["get", "job", job, "-o", "jsonpath={\(path)}"])
            if answer.status == 0 { return answer.output }
        }
        return ""
    }

    private func complete(_ cluster: Cluster, _ job: String, items: Int, within seconds: Double) async throws {
        let isDone = try await wait(seconds: seconds) {
            try await self.status(cluster, job, ".status.conditions[?(@.status==\"True\")].type").contains("Complete")
        }
        let state = try await status(cluster, job, ".status")
        #expect(isDone, "\(job): \(state)\n\(cluster.story)")
        #expect(try await status(cluster, job, ".status.succeeded") == String(items))
    }

    @Test func everyFaultInTurn() async throws {
        guard let cluster = try Cluster(flags: Self.flags) else { return }
        defer { cluster.end() }
        #expect(await wait(seconds: 30) { cluster.coordinators[1]!.errors.contains("leading") || cluster.coordinators[2]!.errors.contains("leading") })
        #expect(try await wait(seconds: 30) { try await cluster.kubectl(1, ["get", "--raw", "/healthz"]).status == 0 })
        let items = Self.isFull ? 2000 : 1000
        let quick = try await submit(cluster, "quick", items: items, parallelism: 6, seconds: 0.02)
        let slow = try await submit(cluster, "slow", items: 6, parallelism: 6, seconds: Self.isFull ? 60 : 30)
        #expect(await wait(seconds: 30) { slow.count("start") >= 6 && quick.count("start") > 50 }, "\(cluster.story)")

        try await killWorker(cluster, slow)
        try await stopWorker(cluster, 2, slow)
        try await cutWorker(cluster, 3, slow)
        try await killLeader(cluster)
        try await killBothCoordinators(cluster)

        try await complete(cluster, "quick", items: items, within: 240)
        try await complete(cluster, "slow", items: 6, within: 300)
        for (log, count) in [(quick, items), (slow, 6)] {
            #expect(log.overlaps.isEmpty, "two live attempts: \(log.overlaps.prefix(5))")
            #expect(log.ended.count == count)
        }
    }

    /// kill -9: its processes go at once, its items start elsewhere.
    private func killWorker(_ cluster: Cluster, _ slow: AttemptLog) async throws {
        let before = slow.count("start")
        let nodes = try await cluster.kubectl(1, ["get", "pods", "-l", "job-name=slow", "-o", "jsonpath={.items[*].spec.nodeName}"]).output
        let number = try #require((1...3).first { nodes.contains("w\($0)") }, "no worker has an item: \(nodes)")
        let victim = cluster.workers[number]!
        let began = Date()
        victim.signal(SIGKILL)
        #expect(await wait(seconds: 20) { slow.count("start") > before }, "nothing was started again\n\(cluster.story)")
        print("fault: worker killed: its items run again after \(Date().timeIntervalSince(began)) s")
        victim.end()
        try cluster.startWorker(number)
    }

    /// SIGSTOP for three leases: the guardian ends its attempts before they start elsewhere; its late reports change nothing.
    private func stopWorker(_ cluster: Cluster, _ number: Int, _ slow: AttemptLog) async throws {
        cluster.workers[number]!.signal(SIGSTOP)
        try await Task.sleep(for: .seconds(9))
        cluster.workers[number]!.signal(SIGCONT)
        #expect(slow.overlaps.isEmpty)
    }

    /// The link of a worker is cut for three leases.
    private func cutWorker(_ cluster: Cluster, _ number: Int, _ slow: AttemptLog) async throws {
        cluster.hosts.link(3 + number, up: false)
        try await Task.sleep(for: .seconds(9))
        cluster.hosts.link(3 + number, up: true)
        #expect(slow.overlaps.isEmpty)
    }

    private func killLeader(_ cluster: Cluster) async throws {
        let lease = try await cluster.leader(asking: 1)
        let leading = cluster.coordinators[1]!.errors.contains("leading") && !cluster.coordinators[2]!.errors.contains("leading") ? 1 : 2
        cluster.killCoordinator(leading)
        let other = 3 - leading
        #expect(await wait(seconds: 30) { cluster.coordinators[other]!.errors.contains("leading") }, "nobody took over from \(lease)\n\(cluster.story)")
        try cluster.startCoordinator(leading)
    }

    private func killBothCoordinators(_ cluster: Cluster) async throws {
        for number in 1...2 { cluster.killCoordinator(number) }
        try cluster.startCoordinator(1)
        #expect(await wait(seconds: 30) { cluster.coordinators[1]!.errors.contains("leading") }, "\(cluster.story)")
    }

    /// Redis killed and started anew from its append-only file in the middle of a run.
    @Test func redisKilledAndRestarted() async throws {
        guard let cluster = try Cluster(flags: Self.flags) else { return }
        defer { cluster.end() }
        #expect(try await wait(seconds: 30) { try await cluster.kubectl(1, ["get", "--raw", "/healthz"]).status == 0 })
        let items = Self.isFull ? 2000 : 600
        let log = try await submit(cluster, "busy", items: items, parallelism: 6, seconds: 0.05)
        #expect(await wait(seconds: 60) { log.count("end") > items / 4 }, "\(cluster.story)")
        cluster.killRedis()
        try await Task.sleep(for: .seconds(1))
        try cluster.startRedis()
        try await complete(cluster, "busy", items: items, within: 180)
        #expect(log.overlaps.isEmpty)
        #expect(log.ended.count == items)
        #expect(try await status(cluster, "busy", ".status.failed") == "")
    }

    /// Redis away for longer than a lease under a running item: nothing fails.
    @Test func redisAwayUnderALongItem() async throws {
        let away = Self.isFull ? 60.0 : 8.0
        guard let cluster = try Cluster(flags: Self.isFull ? [] : Self.flags) else { return }
        defer { cluster.end() }
        #expect(try await wait(seconds: 60) { try await cluster.kubectl(1, ["get", "--raw", "/healthz"]).status == 0 })
        let log = try await submit(cluster, "long", items: 1, parallelism: 1, seconds: away * 1.5, backoffLimit: 0)
        #expect(await wait(seconds: 60) { log.count("start") == 1 }, "\(cluster.story)")
        try await Task.sleep(for: .seconds(2))
        cluster.killRedis()
        try await Task.sleep(for: .seconds(away))
        try cluster.startRedis()
        try await complete(cluster, "long", items: 1, within: 300)
        #expect(log.overlaps.isEmpty)
        #expect(try await status(cluster, "long", ".status.failed") == "")
    }
}
