import BatchAPI
import Foundation
import Testing

/// What Kubernetes' own specs do with Jobs through the API, done here.
@Suite(.serialized, .sharedUp) struct SpecTests {
    private let up: Up

    init() throws { up = try #require(SharedUp.current) }

    /// A namespace; the path of its Jobs.
    private func jobs(_ namespace: String) async throws -> String {
        #expect(try await up.send("POST", "/api/v1/namespaces", "{\"metadata\": {\"name\": \"\(namespace)\"}}").code == 201)
        return "/apis/batch/v1/namespaces/\(namespace)/jobs"
    }

    private func create(_ path: String, _ manifest: String, at place: SourceLocation = #_sourceLocation) async throws {
        let answer = try await up.send("POST", path, manifest, type: "application/yaml")
        #expect(answer.code == 201, "\(answer)", sourceLocation: place)
    }

    private static let sleeping = "sleep 600"
    private static let short = ["terminationGracePeriodSeconds: 1"]

    /// Created suspended, watched, labelled, replaced to run, listed, deleted with its likes.
    @Test func lifecycle() async throws {
        let path = try await jobs("lifecycle")
        let watch = try Command("/usr/bin/env", ["curl", "-sN", up.url + path + "?watch=true&labelSelector=kind%3Da"])
        defer { watch.end() }
        let manifest = Manifests.job("one", spec: ["suspend: true", "completions: 2", "parallelism: 2"], script: Self.sleeping, pod: Self.short)
        try await create(path, manifest.replacing("name: one", with: "name: one\n  labels: {kind: a}"))
        try await create(path, manifest.replacing("name: one", with: "name: two\n  labels: {kind: b}"))
        let patched = try await up.send(
            "PATCH", path + "/one", #"{"metadata": {"annotations": {"patched": "yes"}}}"#, type: "application/strategic-merge-patch+json")
        #expect(patched.code == 200 && patched.value.at("metadata.annotations.patched")?.string == "yes", "\(patched)")
        try await replace(path + "/one") {
            $0["spec"]?["suspend"] = false
            $0["metadata"]?["annotations"]?["replaced"] = "yes"
        }
        let running = try await up.until(path + "/one") { $0.at("status.ready")?.int == 2 }
        #expect(running.at("metadata.annotations.replaced")?.string == "yes")
        #expect(try await up.get("/apis/batch/v1/jobs?labelSelector=kind%3Da").items.map(\.name) == ["one"])
        let deleted = try await up.send("DELETE", path + "?labelSelector=kind%3Da&propagationPolicy=Background")
        #expect(deleted.code == 200 && deleted.value["kind"]?.string == "JobList", "\(deleted)")
        #expect(await wait(seconds: 30) { watch.output.contains("\"DELETED\"") }, "\(watch.output)")
        let events = try watch.output.split(separator: "\n").map { try Value.parse(json: Array($0.utf8)) }
        #expect(events.first?["type"]?.string == "ADDED" && events.last?["type"]?.string == "DELETED", "\(watch.output)")
        #expect(events.contains { $0["type"]?.string == "MODIFIED" && $0.at("object.metadata.annotations.patched") != nil }, "\(watch.output)")
        #expect(events.allSatisfy { $0["object"]?.name == "one" }, "\(watch.output)")
        #expect(try await up.get(path).items.map(\.name) == ["two"])
    }

    /// Reads, changes and writes until nobody was faster.
    private func replace(_ path: String, at place: SourceLocation = #_sourceLocation, _ change: (inout Value) -> Void) async throws {
        for _ in 0..<50 {
            var value = try await up.get(path)
            change(&value)
            let answer = try await up.send("PUT", path, value.text)
            if answer.code == 409 { continue }
            #expect(answer.code == 200, "\(answer)", sourceLocation: place)
            return
        }
        Issue.record("\(path) is never replaced", sourceLocation: place)
    }

    /// The status is patched, replaced, applied and read by itself; what is said of the metadata there is kept, too.
    @Test func statusIsChanged() async throws {
        let path = try await jobs("status")
        try await create(path, Manifests.job("one", spec: ["parallelism: 2", "completions: 4"], script: Self.sleeping, pod: Self.short))
        _ = try await up.until(path + "/one") { $0.at("status.active")?.int == 2 }
        let status = path + "/one/status"
        let condition = #"{"type": "Seen", "status": "True", "reason": "ByTest", "lastTransitionTime": "2026-01-01T00:00:00Z"}"#
        let patched = try await up.send("PATCH", status, "{\"status\": {\"conditions\": [\(condition)]}}", type: "application/strategic-merge-patch+json")
        #expect(patched.code == 200 && patched.value.holds("Seen"), "\(patched)")
        try await replace(status) { job in
            var conditions = job.at("status.conditions")?.array ?? []
            conditions.append(["type": "Replaced", "status": "True", "reason": "ByTest", "lastTransitionTime": "2026-01-01T00:00:00Z"])
            job["status"]?["conditions"] = .array(conditions)
        }
        let read = try await up.get(status)
        #expect(read.holds("Seen") && read.holds("Replaced") && read["kind"]?.string == "Job", "\(read.text)")
        #expect(read.at("status.active")?.int == 2 && read.at("spec.parallelism")?.int == 2)
        let wrong = try await up.send("PATCH", status, #"{"status": {"ready": 9}}"#, type: "application/merge-patch+json")
        #expect(wrong.code == 422 || wrong.value.at("status.ready")?.int != 9, "\(wrong)")
        _ = try await up.send("DELETE", path + "/one?propagationPolicy=Background")
    }

    /// `ready` follows the pods, up and down, and a suspension takes them all.
    @Test func readyIsCounted() async throws {
        let path = try await jobs("ready")
        try await create(path, Manifests.job("one", spec: ["parallelism: 2", "completions: 4"], script: Self.sleeping, pod: Self.short))
        for (parallelism, suspend, ready) in [(2, false, 2), (3, false, 3), (1, false, 1), (1, true, 0)] {
            let patch = "{\"spec\": {\"parallelism\": \(parallelism), \"suspend\": \(suspend)}}"
            #expect(try await up.send("PATCH", path + "/one", patch, type: "application/merge-patch+json").code == 200)
            _ = try await up.until(path + "/one") { $0.at("status.ready")?.int == ready && $0.at("status.active")?.int ?? 0 == ready }
        }
        _ = try await up.until("/api/v1/namespaces/ready/pods") { $0.items.isEmpty }
        #expect(try await up.get(path + "/one").holds("Suspended"))
    }

    /// What a Job that has not started asks for may still be changed.
    @Test func resourcesOfASuspendedJob() async throws {
        let path = try await jobs("resources")
        try await create(path, Manifests.job("one", spec: ["suspend: true"], script: "true"))
        _ = try await up.until(path + "/one") { $0.holds("Suspended") }
        let patch = #"{"spec": {"template": {"spec": {"containers": [{"name": "main", "resources": {"requests": {"cpu": "20m", "memory": "20Mi"}}}]}}}}"#
        let patched = try await up.send("PATCH", path + "/one", patch, type: "application/strategic-merge-patch+json")
        #expect(patched.code == 200, "\(patched)")
        #expect(try await up.send("PATCH", path + "/one", #"{"spec": {"suspend": false}}"#, type: "application/merge-patch+json").code == 200)
        _ = try await up.until(path + "/one") { $0.holds("Complete") }
        let pods = try await up.get("/api/v1/namespaces/resources/pods").items
        #expect(pods.map { $0.at("spec.containers.0.resources.requests.cpu")?.string } == ["20m"])
    }

    /// All indexes; those of a rule while others have not ended; a number of them.
    @Test(arguments: [
        ("all", "{rules: [{succeededIndexes: \"0-4\"}]}", "true", "0-4"),
        ("indexes", "{rules: [{succeededIndexes: \"0,1\"}]}", "[ $JOB_COMPLETION_INDEX -lt 2 ] || sleep 600", "0,1"),
        ("count", "{rules: [{succeededCount: 1}]}", "[ $JOB_COMPLETION_INDEX = 3 ] || sleep 600", "3"),
    ])
    func successPolicies(_ name: String, _ policy: String, _ script: String, _ done: String) async throws {
        let path = try await jobs("policy-" + name)
        let spec = ["completions: 5", "parallelism: 5", "completionMode: Indexed", "successPolicy: \(policy)"]
        try await create(path, Manifests.job("one", spec: spec, script: script, pod: Self.short))
        let job = try await up.until(path + "/one") { $0.holds("Complete") }
        #expect(job.holds("SuccessCriteriaMet") && job.at("status.completedIndexes")?.string == done, "\(job.text)")
        #expect(job.at("status.conditions")?.array?.last?["reason"]?.string == "SuccessPolicy", "\(job.text)")
        #expect(job.at("status.active") == nil || job.at("status.active")?.int == 0)
    }
}
