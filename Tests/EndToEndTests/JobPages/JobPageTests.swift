import BatchAPI
import Foundation
import Testing

/// Every manifest of the documentation's Job pages has the documented result: pods of several containers, policies, clean-up.
@Suite(.serialized, .sharedUp, .enabled(if: geteuid() == 0, "volumes need root")) struct JobPageTests {
    private let up: Up

    init() throws { up = try #require(SharedUp.current) }

    private func condition(_ job: Value, _ type: String) -> Value? {
        (job.at("status.conditions")?.array ?? []).first { $0["type"]?.string == type && $0["status"]?.string == "True" }
    }

    @Test func indexedWithInitContainer() async throws {
        let job = try await up.until(up.create(page: "indexed")) { $0.holds("Complete") }
        #expect(job.at("status.completedIndexes")?.string == "0-4" && job.at("status.succeeded")?.int == 5, "\(job.text)")
        #expect(try await up.lines(of: "indexed-job") == ["oof", "rab", "xuq", "zab", "zyx"])
        _ = try await up.send("DELETE", "/apis/batch/v1/namespaces/default/jobs/indexed-job?propagationPolicy=Background")
        _ = try await up.until("/api/v1/namespaces/default/pods?labelSelector=job-name%3Dindexed-job") { $0.items.isEmpty }
    }

    @Test func indexedWithDownwardVolume() async throws {
        let result = try await Drover.run(["run", "-f", JobPage.path("indexed-volume")])
        #expect(result.status == 0 && result.lines.sorted() == ["0", "1", "2", "3", "4"], "\(result)")
    }

    @Test func nativeSidecar() async throws {
        let job = try await up.until(up.create(page: "native-sidecar")) { $0.holds("Complete") }
        #expect(job.at("status.succeeded")?.int == 1 && job.at("status.failed")?.int ?? 0 == 0, "\(job.text)")
        #expect(try await up.lines(of: "myjob", container: "logshipper").contains("logging"))
        let pod = try #require(try await up.get("/api/v1/namespaces/default/pods?labelSelector=job-name%3Dmyjob").items.first)
        #expect(pod.at("status.initContainerStatuses.0.state.terminated") != nil, "the sidecar has ended, too: \(pod.text)")
        #expect(pod.at("status.containerStatuses.0.state.terminated.exitCode")?.int == 0, "\(pod.text)")
    }

    @Test func legacySidecar() async throws {
        let result = try await Drover.run(["run", "-f", JobPage.path("legacy-sidecar")])
        #expect(result.status == 0 && result.lines == ["shipped: line 1", "shipped: line 2", "shipped: line 3"], "\(result)")
    }

    @Test(.enabled(if: Kubectl.path != nil, "needs kubectl")) func expansions() async throws {
        let folder = try Scratch()
        for item in ["apple", "banana", "cherry"] {
            _ = try folder.write("job-\(item).yaml", try JobPage.text("template").replacing("$ITEM", with: item))
        }
        let created = try await up.kubectl(["create", "-f", folder.root])
        let names = ["apple", "banana", "cherry"].map { "process-item-" + $0 }
        #expect(created.lines == names.map { "job.batch/\($0) created" }, "\(created)")
        let waited = try await up.kubectl(["wait", "--for=condition=complete", "-l", "jobgroup=jobexample", "job", "--timeout=30s"])
        #expect(waited.lines.count == 3, "\(waited)")
        let table = try await up.kubectl(["get", "jobs", "-l", "jobgroup=jobexample", "--no-headers"])
        #expect(table.lines.map { $0.split(separator: " ").prefix(3).joined(separator: " ") } == names.map { $0 + " Complete 1/1" }, "\(table)")
        let logs = try await up.kubectl(["logs", "-f", "-l", "jobgroup=jobexample"])
        #expect(logs.lines.sorted() == ["apple", "banana", "cherry"].map { "Processing item " + $0 }, "\(logs)")
        let deleted = try await up.kubectl(["delete", "job", "-l", "jobgroup=jobexample"])
        #expect(deleted.lines.count == 3, "\(deleted)")
    }

    @Test(arguments: ["failure-policy-fail-job", "failure-policy-concept"]) func failJob(_ page: String) async throws {
        let job = try await up.until(up.create(page: page)) { $0.holds("Failed") }
        let failed = condition(job, "Failed")
        #expect(failed?["reason"]?.string == "PodFailurePolicy" && condition(job, "FailureTarget") != nil, "\(job.text)")
        let message = failed?["message"]?.string ?? ""
        #expect(message.hasPrefix("Container main for pod default/\(job.name)-") && message.hasSuffix("failed with exit code 42 matching FailJob rule at index 0"))
        #expect((1...3).contains(job.at("status.failed")?.int ?? 0), "no pod was tried again: \(job.text)")
    }

    @Test(.enabled(if: Kubectl.path != nil, "needs kubectl")) func disruptionsAreIgnored() async throws {
        // The first pods stay until one of them is evicted.
        let scratch = try Scratch(), mark = scratch.path("drained")
        let path = try await up.create(page: "failure-policy-ignore") { $0.replacing("sleep 2", with: "while ! test -e \(mark); do sleep 0.1; done") }
        _ = try await up.until(path) { $0.at("status.ready")?.int == 2 }
        let pods = try await up.get("/api/v1/namespaces/default/pods?labelSelector=job-name%3Djob-pod-failure-policy-ignore").items
        let node = try #require(pods.first?.at("spec.nodeName")?.string)
        let drained = try await up.kubectl(["drain", "nodes/" + node, "--ignore-daemonsets", "--grace-period=0"])
        #expect(drained.status == 0 && drained.output.contains("evicted"), "\(drained)")
        let held = try await up.until(path) { $0.at("status.ready")?.int ?? 0 == 0 }
        #expect(held.at("status.failed")?.int ?? 0 == 0 && condition(held, "Failed") == nil, "\(held.text)")
        _ = try scratch.write("drained", "")
        #expect(try await up.kubectl(["uncordon", "nodes/" + node]).status == 0)
        let job = try await up.until(path) { $0.holds("Complete") || $0.holds("Failed") }
        #expect(job.at("status.succeeded")?.int == 4 && job.at("status.failed")?.int ?? 0 == 0, "\(job.text)")
    }

    /// An image that there is not: pods wait until somebody who knows better adds the condition and takes them away.
    @Test(.enabled(if: Kubectl.path != nil, "needs kubectl")) func configIssue() async throws {
        let path = try await up.create(page: "failure-policy-config-issue"), pods = "/api/v1/namespaces/default/pods"
        let list = pods + "?labelSelector=job-name%3Djob-pod-failure-policy-config-issue"
        let waiting = try await up.until(list) { list in
            list.items.count == 2 && list.items.allSatisfy { $0.at("status.containerStatuses.0.state.waiting.reason")?.string == "ImagePullBackOff" }
        }.items
        #expect(waiting.allSatisfy { $0.at("status.phase")?.string == "Pending" })
        for name in waiting.map(\.name) {
            let patch = #"{"status":{"conditions":[{"type":"ConfigIssue","status":"True","reason":"NonExistingImage","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}"#
            let patched = try await up.kubectl(["patch", "pod", name, "--subresource=status", "-p", patch])
            #expect(patched.status == 0, "\(patched)")
        }
        let deleted = try await up.kubectl(["delete", "pods"] + waiting.map(\.name))
        #expect(deleted.lines.count == 2, "\(deleted)")
        let job = try await up.until(path) { $0.holds("Failed") }
        let failed = condition(job, "Failed"), message = failed?["message"]?.string ?? ""
        #expect(failed?["reason"]?.string == "PodFailurePolicy" && message.hasSuffix("has condition ConfigIssue matching FailJob rule at index 0"), "\(job.text)")
    }

    @Test func failIndex() async throws {
        let job = try await up.until(up.create(page: "failure-policy-fail-index")) { $0.holds("Failed") }
        #expect(condition(job, "Failed")?["reason"]?.string == "FailedIndexes", "\(job.text)")
        #expect(job.at("status.failedIndexes")?.string == "0,1" && job.at("status.completedIndexes")?.string == "2,3", "\(job.text)")
        #expect(job.at("status.failed")?.int == 3 && job.at("status.succeeded")?.int == 2, "once for index 0, twice for index 1: \(job.text)")
    }

    @Test func backoffLimitPerIndex() async throws {
        let job = try await up.until(up.create(page: "per-index-backoff")) { $0.holds("Failed") }
        let failed = condition(job, "Failed")
        #expect(failed?["reason"]?.string == "FailedIndexes" && failed?["message"]?.string == "Job has failed indexes", "\(job.text)")
        #expect(condition(job, "FailureTarget")?["reason"]?.string == "FailedIndexes")
        #expect(job.at("status.completedIndexes")?.string == "1,3,5,7,9" && job.at("status.failedIndexes")?.string == "0,2,4,6,8", "\(job.text)")
        #expect(job.at("status.succeeded")?.int == 5 && job.at("status.failed")?.int == 10, "\(job.text)")
    }

    @Test func successPolicy() async throws {
        let job = try await up.until(up.create(page: "success-policy")) { $0.holds("Complete") || $0.holds("Failed") }
        #expect(condition(job, "SuccessCriteriaMet")?["reason"]?.string == "SuccessPolicy", "\(job.text)")
        #expect(condition(job, "SuccessCriteriaMet")?["message"]?.string == "Matched rules at index 0", "\(job.text)")
        #expect(job.at("status.completedIndexes")?.string == "2" && job.at("status.succeeded")?.int == 1, "\(job.text)")
    }

    @Test func cleanedUpAfterItsTime() async throws {
        let path = try await up.create(page: "pi-with-ttl")
        _ = try await up.until(path) { $0["code"]?.int == 404 }
    }

    @Test func endedAtItsDeadline() async throws {
        let result = try await Drover.run(["run", "-f", JobPage.path("pi-with-timeout")])
        #expect(result.status == 1 && result.errors.contains("DeadlineExceeded"), "\(result)")
    }
}
