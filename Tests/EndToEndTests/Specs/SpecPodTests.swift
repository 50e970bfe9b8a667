import BatchAPI
import Foundation
import Testing

/// What Kubernetes' own specs see of the pods of a Job, seen here.
@Suite(.serialized, .sharedUp) struct SpecPodTests {
    private let up: Up
    private let scratch: Scratch

    init() throws {
        up = try #require(SharedUp.current)
        scratch = try Scratch()
    }

    /// Makes a Job in a namespace of its own; the paths of it and of its pods.
    private func create(_ namespace: String, _ manifest: String, at place: SourceLocation = #_sourceLocation) async throws -> (job: String, pods: String) {
        #expect(try await up.send("POST", "/api/v1/namespaces", "{\"metadata\": {\"name\": \"\(namespace)\"}}").code == 201, sourceLocation: place)
        let answer = try await up.send("POST", "/apis/batch/v1/namespaces/\(namespace)/jobs", manifest, type: "application/yaml")
        #expect(answer.code == 201, "\(answer)", sourceLocation: place)
        return ("/apis/batch/v1/namespaces/\(namespace)/jobs/\(answer.value.name)", "/api/v1/namespaces/\(namespace)/pods")
    }

    /// A script that fails the first time that it runs under a name.
    private func failsOnce(_ name: String) -> String { "mark=\(scratch.root)/mark-\(name)\n[ -e $mark ] || { touch $mark; exit 1; }" }

    /// OnFailure: each pod fails once and is restarted where it is.
    @Test func restartedInPlace() async throws {
        let manifest = Manifests.job(
            "one", spec: ["completions: 4", "parallelism: 2", "completionMode: Indexed"], restart: "OnFailure", script: failsOnce("$JOB_COMPLETION_INDEX"))
        let paths = try await create("restarted", manifest)
        let job = try await up.until(paths.job) { $0.holds("Complete") }
        #expect(job.at("status.succeeded")?.int == 4 && job.at("status.failed")?.int ?? 0 == 0, "\(job.text)")
        let pods = try await up.get(paths.pods).items
        #expect(pods.map { $0.at("status.containerStatuses.0.restartCount")?.int } == [1, 1, 1, 1], "\(pods)")
    }

    /// Never: each failure is a pod of its own, and another takes its place.
    @Test func replaced() async throws {
        let manifest = Manifests.job(
            "one", spec: ["completions: 3", "parallelism: 2", "completionMode: Indexed", "backoffLimit: 6"], script: failsOnce("$JOB_COMPLETION_INDEX"))
        let paths = try await create("replaced", manifest)
        let job = try await up.until(paths.job) { $0.holds("Complete") }
        #expect(job.at("status.succeeded")?.int == 3 && job.at("status.failed")?.int == 3, "\(job.text)")
        let phases = try await up.get(paths.pods).items.compactMap { $0.at("status.phase")?.string }
        #expect(phases.sorted() == ["Failed", "Failed", "Failed", "Succeeded", "Succeeded", "Succeeded"])
    }

    @Test func indexesAndHostNames() async throws {
        let spec = ["completions: 4", "parallelism: 2", "completionMode: Indexed"]
        let paths = try await create("indexes", Manifests.job("one", spec: spec, script: "echo $JOB_COMPLETION_INDEX"))
        let job = try await up.until(paths.job) { $0.holds("Complete") }
        #expect(job.at("status.completedIndexes")?.string == "0-3")
        let pods = try await up.get(paths.pods).items
        let indexes = pods.compactMap { $0.at("metadata.annotations")?["batch.kubernetes.io/job-completion-index"]?.string }
        #expect(indexes.sorted() == ["0", "1", "2", "3"])
        for (pod, index) in zip(pods, indexes) {
            #expect(pod.at("spec.hostname")?.string == "one-" + index && pod.name.hasPrefix("one-\(index)-"), "\(pod.text)")
            #expect(pod.at("metadata.labels")?["batch.kubernetes.io/job-completion-index"]?.string == index)
            #expect(try await up.get("\(paths.pods)/\(pod.name)/log").text == index)
        }
    }

    /// How often an index has failed before is written on the pod that tries it next.
    @Test func failureCount() async throws {
        let spec = ["completions: 2", "parallelism: 2", "completionMode: Indexed", "backoffLimitPerIndex: 1"]
        let script = "[ $JOB_COMPLETION_INDEX = 1 ] && exit 0\n" + failsOnce("0")
        let paths = try await create("failure-count", Manifests.job("one", spec: spec, script: script))
        let job = try await up.until(paths.job) { $0.holds("Complete") }
        #expect(job.at("status.failed")?.int == 1 && job.at("status.failedIndexes")?.string ?? "" == "", "\(job.text)")
        let pods = try await up.get(paths.pods).items.filter { $0.name.hasPrefix("one-0-") }
        let counts = pods.map { ($0.at("status.phase")?.string, $0.at("metadata.annotations")?["batch.kubernetes.io/job-index-failure-count"]?.string) }
        #expect(counts.contains { $0 == ("Failed", "0") } && counts.contains { $0 == ("Succeeded", "1") }, "\(counts)")
    }

    /// A pod that is evicted ends with DisruptionTarget; a policy that ignores it lets the Job go on, though no failure is allowed.
    @Test func evictionIsIgnored() async throws {
        // The first pod makes it and stays until it is evicted; those after it find it.
        let mark = scratch.path("first")
        let spec = [
            "completions: 2", "parallelism: 1", "backoffLimit: 0",
            "podFailurePolicy: {rules: [{action: Ignore, onPodConditions: [{type: DisruptionTarget}]}]}",
        ]
        let script = "mkdir \(mark) 2> /dev/null && sleep 600; true"
        let paths = try await create("evicted", Manifests.job("one", spec: spec, script: script, pod: ["terminationGracePeriodSeconds: 1"]))
        _ = try await up.until(paths.job) { $0.at("status.ready")?.int == 1 }
        let name = try #require(try await up.get(paths.pods).items.first?.name)
        let eviction = "{\"apiVersion\": \"policy/v1\", \"kind\": \"Eviction\", \"metadata\": {\"name\": \"\(name)\"}}"
        let answer = try await up.send("POST", "\(paths.pods)/\(name)/eviction", eviction)
        #expect(answer.code == 201, "\(answer)")
        let job = try await up.until(paths.job) { $0.holds("Complete") }
        #expect(job.at("status.succeeded")?.int == 2 && job.at("status.failed")?.int ?? 0 == 0, "\(job.text)")
    }

    /// The same by exit code.
    @Test func exitCodeIsIgnored() async throws {
        let spec = [
            "completions: 2", "parallelism: 2", "completionMode: Indexed", "backoffLimit: 0",
            "podFailurePolicy: {rules: [{action: Ignore, onExitCodes: {operator: In, values: [1]}}]}",
        ]
        let paths = try await create("ignored", Manifests.job("one", spec: spec, script: failsOnce("$JOB_COMPLETION_INDEX")))
        let job = try await up.until(paths.job) { $0.holds("Complete") }
        #expect(job.at("status.succeeded")?.int == 2 && job.at("status.failed")?.int ?? 0 == 0, "\(job.text)")
        #expect(try await up.get(paths.pods).items.count == 4)
    }
}
