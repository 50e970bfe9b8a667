import Foundation
import Testing

/// Real kubectl against `drover up`.
@Suite(.serialized, .enabled(if: Kubectl.path != nil, "needs kubectl")) struct KubectlTests {
    @Test func createGetLogsPatchDelete() async throws {
        let up = try await Up()
        defer { up.end() }
        let job = Manifests.job("hello", spec: ["completions: 3", "parallelism: 1", "completionMode: Indexed"], script: "echo item $JOB_COMPLETION_INDEX")
        let created = try await up.kubectl(["create", "--validate=false", "-f", "-"], input: job)
        #expect(created.status == 0 && created.output.contains("job.batch/hello created"), "\(created)\n\(up.command.errors)")
        #expect(try await up.until("hello", "{.status.succeeded}", is: "3"), "\(up.command.errors)")
        #expect(try await up.until("hello", "{.status.conditions[?(@.type=='Complete')].status}", is: "True"))
        let table = try await up.kubectl(["get", "jobs"])
        #expect(table.lines.first?.split(separator: " ").map { String($0) } == ["NAME", "STATUS", "COMPLETIONS", "DURATION", "AGE"], "\(table)")
        #expect(table.lines.last?.hasPrefix("hello") == true && table.output.contains("Complete") && table.output.contains("3/3"), "\(table)")
        let pods = try await up.kubectl(["get", "pods", "-l", "job-name=hello", "-o", "name"])
        #expect(pods.lines.count == 3, "\(pods)")
        let log = try await up.kubectl(["logs", pods.lines.first ?? ""])
        #expect(log.output.hasPrefix("item "), "\(log)")
        let deleted = try await up.kubectl(["delete", "job", "hello", "--wait=false"])
        #expect(deleted.status == 0, "\(deleted)")
        let gone = try await up.kubectl(["get", "job", "hello"])
        #expect(gone.status == 1 && gone.errors.contains("NotFound"), "\(gone)")
    }

    @Test func patchesOfParallelismAndSuspend() async throws {
        let up = try await Up()
        defer { up.end() }
        let job = Manifests.job("many", spec: ["completions: 200", "parallelism: 1"], script: "sleep 1000", pod: ["terminationGracePeriodSeconds: 1"])
        #expect(try await up.kubectl(["create", "--validate=false", "-f", "-"], input: job).status == 0)
        #expect(try await up.until("many", "{.status.active}", is: "1"))
        for (patch, path, value) in [
            (#"{"spec":{"parallelism":4}}"#, "{.status.active}", "4"), (#"{"spec":{"parallelism":2}}"#, "{.status.active}", "2"),
            (#"{"spec":{"suspend":true}}"#, "{.status.conditions[?(@.type=='Suspended')].status}", "True"),
            (#"{"spec":{"suspend":false}}"#, "{.status.active}", "2"),
        ] {
            let answer = try await up.kubectl(["patch", "job", "many", "--type=merge", "-p", patch])
            #expect(answer.status == 0, "\(answer)")
            let isSo = try await up.until("many", path, is: value)
            let state = try await up.kubectl(["get", "job", "many", "-o", "yaml"])
            #expect(isSo, "\(patch): \(state)")
        }
        #expect(try await up.kubectl(["delete", "job", "many", "--wait=false"]).status == 0)
    }

    @Test func aPodsLogIsFollowed() async throws {
        let up = try await Up()
        defer { up.end() }
        let job = Manifests.job("slow", script: "for i in 1 2 3; do echo line $i; sleep 1; done")
        #expect(try await up.kubectl(["create", "--validate=false", "-f", "-"], input: job).status == 0)
        #expect(try await up.until("slow", "{.status.ready}", is: "1"))
        let pod = try await up.kubectl(["get", "pods", "-l", "job-name=slow", "-o", "name"]).lines.first ?? ""
        let log = try await up.kubectl(["logs", "-f", pod])
        #expect(log.lines == ["line 1", "line 2", "line 3"], "\(log)")
        let lease = try await up.kubectl(["get", "--raw", "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/drover"])
        #expect(lease.output.contains("holderIdentity") && lease.output.contains(up.url.replacing("http://", with: "")), "\(lease)")
    }

    @Test func whatAWebPageCouldSendIsRefused() async throws {
        let up = try await Up()
        defer { up.end() }
        for header in ["Origin: http://evil.example", "Sec-Fetch-Site: cross-site", "Host: evil.example"] {
            let answer = try await Command("/usr/bin/env", ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", header, up.url + "/apis/batch/v1/jobs"])
                .finish(limit: 30)
            #expect(answer.output == "403", "\(header): \(answer)")
        }
    }
}

enum Kubectl {
    static let path = ["/usr/bin/kubectl", "/usr/local/bin/kubectl"].first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// A running `drover up`.
final class Up: @unchecked Sendable {
    let scratch: Scratch
    let command: Command
    let url: String

    init(_ flags: [String] = []) async throws {
        scratch = try Scratch()
        let backoff = ["--pod-failure-backoff-base", "100ms", "--container-restart-backoff-base", "100ms"]
        let quick = ["--lease", "3s", "--volume-refresh", "1s"]
        command = try Command(Drover.path, ["up", "--listen", "127.0.0.1:0", "--data", scratch.path("data")] + quick + backoff + flags)
        let process = command
        let isReady = await wait(seconds: 30) { process.output.contains("export KUBECONFIG=") }
        url = command.output.split(separator: " ").dropFirst().first.map { String($0) } ?? ""
        #expect(isReady, "\(command.output) \(command.errors)")
    }

    func kubectl(_ arguments: [String], input: String? = nil) async throws -> Drover.Result {
        let kubeconfig = scratch.path("data/kubeconfig")
        return try await Command(Kubectl.path!, arguments, environment: ["KUBECONFIG": kubeconfig, "HOME": scratch.root], input: input).finish(limit: 60)
    }

    /// Waits until a field of a Job has a value.
    func until(_ job: String, _ path: String, is value: String) async throws -> Bool {
        try await wait(seconds: 30) { try await self.kubectl(["get", "job", job, "-o", "jsonpath=" + path]).output == value }
    }

    /// Ends it in order and sees that nothing of it is left.
    func end() {
        command.signal(SIGTERM)
        for _ in 0..<1500 where command.isRunning { usleep(10_000) }
        #expect(!command.isRunning, "up does not stop")
        command.end()
        #expect(Processes.with(scratch.root).isEmpty, "left: \(Processes.with(scratch.root))")
    }
}
