import BatchAPI
import Foundation
import Testing

/// A worker that is no root gives what user namespaces give, and refuses the rest by name.
/// A dollar sign is written twice: `$$` stands for one in commands.
@Suite(.serialized, .enabled("needs root, setpriv, and a binary that everybody may run") { await Nobody.canRun() }) struct OrdinaryUserTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        chmod(scratch.root, 0o777)
    }

    private func run(_ script: String, container: [String] = [], pod: [String] = []) async throws -> Drover.Result {
        let fields = container.map { "\n        " + $0 }.joined()
        let job = Manifests.job("mine", spec: ["backoffLimit: 0"], script: script, pod: pod).replacing("        image: busybox", with: "        image: busybox" + fields)
        let file = try scratch.write("job-\(UUID().uuidString.prefix(8)).yaml", job)
        return try await Nobody.command(["run", "-f", file], in: scratch).finish(limit: 60)
    }

    private var canIsolate: Bool {
        get async throws { try await Command("/usr/bin/setpriv", Nobody.flags + ["unshare", "--user", "--mount", "true"]).finish(limit: 30).status == 0 }
    }

    @Test func asItself() async throws {
        let result = try await run("id -u; pwd > /dev/null && touch own && ls")
        #expect(result.status == 0 && result.lines == ["65534", "own"], "\(result)")
    }

    @Test func inAUserNamespace() async throws {
        guard try await canIsolate else { return print("no user namespaces for ordinary users here: not tested") }
        let place = scratch.path("v")
        let result = try await run(
            "id -u; touch \(place)/f && ls \(place); touch /var/tmp/x 2> /dev/null || echo shut; grep CapEff /proc/self/status | cut -f2",
            container: [
                "securityContext: {runAsNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}",
                "volumeMounts: [{name: v, mountPath: \(place)}]",
            ], pod: ["volumes: [{name: v, emptyDir: {}}]"])
        #expect(result.status == 0 && result.lines == ["65534", "f", "shut", "0000000000000000"], "\(result)")
        #expect(!FileManager.default.fileExists(atPath: place), "the mount point stays")
    }

    @Test(arguments: [
        ("securityContext: {runAsUser: 1000}", "", "securityContext.runAsUser"), ("securityContext: {privileged: true}", "", "securityContext.privileged"),
        ("securityContext: {capabilities: {add: [NET_ADMIN]}}", "", "securityContext.capabilities.add"),
        ("volumeMounts: [{name: v, mountPath: /mnt}]", "volumes: [{name: v, emptyDir: {medium: Memory}}]", "volume v: emptyDir.medium Memory"),
        ("workingDir: /", "securityContext: {fsGroup: 7}", "fsGroup"),
    ])
    func refusedByName(_ container: String, _ pod: String, _ name: String) async throws {
        let result = try await run("echo ran", container: [container], pod: pod.isEmpty ? [] : [pod])
        #expect(result.status == 1 && result.output.isEmpty && result.errors.contains("CreateContainerConfigError") && result.errors.contains(name), "\(result)")
    }

    @Test func theNodeSaysWhatItCanDo() async throws {
        let up = try Nobody.command(["up", "--listen", "127.0.0.1:0", "--data", scratch.path("data")], in: scratch)
        defer { up.end() }
        #expect(await wait(seconds: 30) { up.output.contains("export KUBECONFIG=") }, "\(up.errors)")
        let url = up.output.split(separator: " ").dropFirst().first.map { String($0) } ?? ""
        let answer = try await Command("/usr/bin/env", ["curl", "-s", url + "/api/v1/nodes"]).finish(limit: 30)
        let labels = try Value.parse(json: Array(answer.output.utf8)).items.first?.at("metadata.labels")?.stringMap ?? [:]
        #expect(labels["drover.dev/users"] == "own" && labels["drover.dev/limits"] == "none" && labels["drover.dev/reaping"] == "session", "\(labels)")
        #expect(labels["drover.dev/isolation"] == (try await canIsolate ? "user-namespace" : "none"))
        up.signal(SIGTERM)
        #expect(await wait(seconds: 30) { !up.isRunning })
    }
}

/// The user nobody.
enum Nobody {
    static let flags = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"]

    static func command(_ arguments: [String], in scratch: Scratch) throws -> Command {
        try Command("/usr/bin/setpriv", flags + [Drover.path] + arguments, environment: ["HOME": scratch.root, "TMPDIR": scratch.root])
    }

    static func canRun() async -> Bool {
        guard geteuid() == 0, FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv"), let scratch = try? Scratch() else { return false }
        let result = try? await command(["--help"], in: scratch).finish(limit: 30)
        return result?.status == 0
    }
}
