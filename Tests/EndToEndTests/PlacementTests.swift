import BatchAPI
import Foundation
import Testing

/// Three workers with labels, taints and resources on one Redis: who runs what.
@Suite(.serialized, .enabled(if: Kubectl.path != nil, "needs kubectl")) struct PlacementTests {
    /// `up` with a worker that takes nothing by itself, and two more workers.
    final class Site: @unchecked Sendable {
        let up: Up
        private var workers: [Command] = []

        init() async throws {
            up = try await Up(["--name", "home", "--taint", "home=only:NoSchedule", "--cpu", "1"])
            try start("w1", ["--label", "disk=ssd", "--cpu", "2", "--memory", "4Gi"])
            try start("w2", ["--label", "disk=hdd", "--cpu", "4", "--memory", "4Gi", "--resource", "nvidia.com/gpu=a,b"])
            #expect(try await wait(seconds: 30) { try await self.up.get("/api/v1/nodes").items.count == 3 })
        }

        private func start(_ name: String, _ flags: [String]) throws {
            let redis = "unix://" + up.scratch.path("data/redis/redis.sock")
            workers.append(
                try Command(
                    Drover.path, ["worker", "--redis", redis, "--name", name, "--data", up.scratch.path(name), "--lease", "3s", "--shutdown-timeout", "2s"] + flags))
        }

        func end() {
            for worker in workers { worker.signal(SIGTERM) }
            for worker in workers {
                for _ in 0..<1000 where worker.isRunning { usleep(10_000) }
                worker.end()
            }
            up.end()
        }

        func create(_ name: String, items: Int, script: String, pod: [String] = [], resources: String = "") async throws {
            var job = Manifests.job(
                name, spec: ["completions: \(items)", "parallelism: \(items)", "completionMode: Indexed", "backoffLimit: 0"], script: script, pod: pod)
            if !resources.isEmpty { job = job.replacing("        image: busybox", with: "        image: busybox\n        resources: \(resources)") }
            let result = try await up.kubectl(["create", "-f", "-"], input: job)
            #expect(result.status == 0, "\(result)")
        }

        func complete(_ name: String) async throws {
            #expect(try await up.until(name, "{.status.conditions[?(@.type==\"Complete\")].status}", is: "True"), "\(name)")
        }

        /// The names of the nodes that have run a Job's pods.
        func nodes(_ name: String) async throws -> Set<String> {
            let pods = try await up.get("/api/v1/namespaces/default/pods?labelSelector=job-name%3D\(name)").items
            return Set(pods.compactMap { $0.at("spec.nodeName")?.string })
        }
    }

    private func withSite(_ body: (Site) async throws -> Void) async throws {
        let site = try await Site()
        defer { site.end() }
        try await body(site)
    }

    @Test func labelsTaintsAndTolerations() async throws {
        try await withSite { site in
            try await site.create("ssd", items: 4, script: "true", pod: ["nodeSelector: {disk: ssd, kubernetes.io/os: linux}"])
            let affinity = "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: "
                + "[{matchExpressions: [{key: disk, operator: NotIn, values: [ssd]}, {key: disk, operator: Exists}]}]}}}"
            try await site.create("hdd", items: 4, script: "true", pod: [affinity])
            try await site.create("home", items: 2, script: "true", pod: ["nodeSelector: {kubernetes.io/hostname: home}", "tolerations: [{key: home, operator: Exists}]"])
            for (job, node) in [("ssd", "w1"), ("hdd", "w2"), ("home", "home")] {
                try await site.complete(job)
                #expect(try await site.nodes(job) == [node])
            }
            #expect(try await site.up.kubectl(["taint", "node", "w1", "team=ml:NoSchedule"]).status == 0)
            let described = try await site.up.kubectl(["describe", "node", "w1"]).output
            #expect(described.contains("team=ml:NoSchedule") && described.contains("disk=ssd"))
            try await Task.sleep(for: .milliseconds(300))
            try await site.create("plain", items: 6, script: "true")
            try await site.complete("plain")
            #expect(try await site.nodes("plain") == ["w2"])
            #expect(try await site.up.kubectl(["taint", "node", "w1", "team-"]).status == 0)
            #expect(try await site.up.kubectl(["cordon", "w2"]).status == 0)
            try await site.create("again", items: 3, script: "true")
            try await site.complete("again")
            #expect(try await site.nodes("again") == ["w1"])
        }
    }

    /// The largest number of pods at a time, as they count themselves.
    private func most(_ scratch: Scratch, _ name: String) -> Int { scratch.read(name).split(separator: "\n").compactMap { Int($0) }.max() ?? 0 }

    @Test func requestsAreCountedAndDevicesAreOnesOwn() async throws {
        try await withSite { site in
            let folder = site.up.scratch.path("running"), counts = site.up.scratch.path("counts")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            let script = "touch \(folder)/$$JOB_COMPLETION_INDEX; ls \(folder) | wc -l >> \(counts); sleep 0.3; rm \(folder)/$$JOB_COMPLETION_INDEX"
            try await site.create("counted", items: 6, script: script, pod: ["nodeSelector: {disk: ssd}"], resources: "{requests: {cpu: 1}}")
            try await site.complete("counted")
            #expect(most(site.up.scratch, "counts") == 2, "2 cores: \(site.up.scratch.read("counts"))")
            let ids = site.up.scratch.path("ids"), lock = site.up.scratch.path("gpu-")
            let gpu = "mkdir \(lock)$$CUDA_VISIBLE_DEVICES || exit 3; echo $$DROVER_RESOURCE_NVIDIA_COM_GPU >> \(ids); sleep 0.2; rmdir \(lock)$$CUDA_VISIBLE_DEVICES"
            try await site.create("gpu", items: 6, script: gpu, resources: "{limits: {nvidia.com/gpu: 1}}")
            try await site.complete("gpu")
            #expect(Set(site.up.scratch.read("ids").split(separator: "\n")) == ["a", "b"])
            #expect(try await site.nodes("gpu") == ["w2"])
            #expect(try await site.up.get("/api/v1/nodes/w2").at("status.allocatable")?["nvidia.com/gpu"]?.string == "2")
        }
    }

    @Test func whatNobodyCanRunSaysWhy() async throws {
        try await withSite { site in
            try await site.create("large", items: 1, script: "true", pod: ["nodeSelector: {special: \"yes\"}"], resources: "{requests: {cpu: 3}}")
            let path = "/api/v1/namespaces/default/pods?labelSelector=job-name%3Dlarge"
            let pods = try await site.up.until(path) { $0.at("items.0.status.conditions.0.message") != nil }
            let pod = try #require(pods.items.first), condition = pod.at("status.conditions.0")
            let taint = "1 node(s) had untolerated taint {home: only}"
            #expect(condition?["type"] == "PodScheduled" && condition?["status"] == "False" && condition?["reason"] == "Unschedulable")
            #expect(condition?["message"]?.string == "0/3 nodes are available: \(taint), 2 node(s) didn't match Pod's node affinity/selector.")
            let described = try await site.up.kubectl(["describe", "pod", pod.name]).output
            #expect(described.contains("FailedScheduling") && described.contains("default-scheduler"), "\(described)")
            #expect(try await site.up.kubectl(["label", "node", "w1", "w2", "special=yes"]).status == 0)
            try await site.complete("large")
            #expect(try await site.nodes("large") == ["w2"], "w1 has only two cores")
        }
    }

    @Test func noExecuteEndsWhatDoesNotTolerateIt() async throws {
        try await withSite { site in
            try await site.create("runs", items: 1, script: "sleep 60", pod: ["nodeSelector: {disk: ssd}"])
            try await site.create(
                "stays", items: 1, script: "sleep 2", pod: ["nodeSelector: {disk: ssd}", "tolerations: [{key: gone, operator: Exists, effect: NoExecute, tolerationSeconds: 300}]"])
            for job in ["runs", "stays"] { #expect(try await site.up.until(job, "{.status.ready}", is: "1")) }
            #expect(try await site.up.kubectl(["taint", "node", "w1", "gone=now:NoExecute"]).status == 0)
            #expect(try await site.up.until("runs", "{.status.conditions[?(@.type==\"Failed\")].reason}", is: "BackoffLimitExceeded"))
            let pods = try await site.up.get("/api/v1/namespaces/default/pods?labelSelector=job-name%3Druns").items
            let disruption = pods.first?.at("status.conditions")?.array?.first { $0["type"] == "DisruptionTarget" }
            #expect(disruption?["reason"] == "DeletionByTaintManager", "\(pods)")
            try await site.complete("stays")
        }
    }

    @Test func preferredNodesGoFirstAndSpreadIsKept() async throws {
        try await withSite { site in
            func preferring(_ disk: String) -> String {
                "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: "
                    + "[{weight: 50, preference: {matchExpressions: [{key: disk, operator: In, values: [\(disk)]}]}}]}}"
            }
            try await site.create("nowhere", items: 2, script: "true", pod: [preferring("tape")])
            try await site.complete("nowhere")
            try await site.create("prefers", items: 1, script: "sleep 1", pod: [preferring("ssd")], resources: "{requests: {cpu: 2}}")
            try await site.complete("prefers")
            #expect(try await site.nodes("prefers") == ["w1"])
            // Three on one node would be two more than on the other.
            let spread = "topologySpreadConstraints: [{maxSkew: 1, topologyKey: disk, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {batch.kubernetes.io/job-name: even}}}]"
            try await site.create("even", items: 4, script: "sleep 2", pod: [spread])
            let path = "/api/v1/namespaces/default/pods?labelSelector=job-name%3Deven"
            let pods = try await site.up.until(path) { list in list.items.count { $0.at("status.phase") == "Running" } == 4 }
            let counts = Dictionary(grouping: pods.items.compactMap { $0.at("spec.nodeName")?.string }) { $0 }.mapValues(\.count)
            #expect(counts == ["w1": 2, "w2": 2])
            try await site.complete("even")
        }
    }

    @Test func aPodThatIsBoundByNameRunsThere() async throws {
        try await withSite { site in
            let pod = """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"bound"},"spec":{"nodeName":"home","restartPolicy":"Never",
                "containers":[{"name":"c","image":"i","command":["true"]}]}}
                """
            #expect(try await site.up.kubectl(["create", "-f", "-"], input: pod).status == 0)
            let done = try await site.up.until("/api/v1/namespaces/default/pods/bound") { $0.at("status.phase")?.string == "Succeeded" }
            #expect(done.at("spec.nodeName") == "home")
        }
    }
}
