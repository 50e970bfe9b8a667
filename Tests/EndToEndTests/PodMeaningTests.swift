import Foundation
import Testing

/// Pods mean what their manifests say: `drover run -f` with the real binary.
/// A dollar sign is written twice: `$$` stands for one in commands.
@Suite(.serialized, .enabled(if: geteuid() == 0)) struct PodMeaningTests {
    /// A Job of one container with fields of its own.
    private func job(_ script: String, container: [String] = [], pod: [String] = []) -> String {
        let fields = container.map { "\n        " + $0 }.joined()
        return Manifests.job("meaning", spec: ["backoffLimit: 0"], script: script, pod: pod).replacing("        image: busybox", with: "        image: busybox" + fields)
    }

    private func run(_ text: String, _ scratch: Scratch) async throws -> Drover.Result {
        try await Drover.run(["run", "-f", try scratch.write("job.yaml", text)])
    }

    /// The host's mounts but those of other suites' network namespaces, which come and go beside this one.
    private var mountTable: [String] {
        let text = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { !$0.contains("/run/netns") }.map(String.init)
    }

    @Test func securityExample() async throws {
        let scratch = try Scratch(), before = mountTable
        let context = "securityContext: {runAsNonRoot: true, runAsUser: 1000, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true}"
        let script = "id -u\ntouch /x 2>/dev/null || echo shut\ngrep -E 'NoNewPrivs|CapEff' /proc/self/status | cut -f2\ntouch /tmp/own ./own && echo open"
        let result = try await run(job(script, container: [context]), scratch)
        #expect(result.status == 0 && result.lines == ["1000", "shut", "0000000000000000", "1", "open"], "\(result)")
        #expect(mountTable == before && !FileManager.default.fileExists(atPath: "/tmp/own"))
    }

    @Test func rootIsRefusedWhereItMustNotBe() async throws {
        let scratch = try Scratch()
        let result = try await run(job("echo ran", container: ["securityContext: {runAsNonRoot: true}"]), scratch)
        #expect(result.status == 1 && result.output.isEmpty && result.errors.contains("CreateContainerConfigError: container main"), "\(result)")
    }

    @Test func objectsOfTheSameFile() async throws {
        let scratch = try Scratch(), before = mountTable
        let objects = """
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {greeting: hello, "app.conf": "a=1"}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: keys}
            stringData: {token: t0p}
            """
        let container = [
            "envFrom: [{configMapRef: {name: settings}}]", "env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: keys, key: token}}}]",
            "volumeMounts: [{name: all, mountPath: \(scratch.path("in"))}, {name: work, mountPath: \(scratch.path("work"))}]",
        ]
        let volumes = [
            "volumes: [{name: all, projected: {sources: [{configMap: {name: settings}}, {secret: {name: keys}}, {downwardAPI: {items: [{path: name, fieldRef: {fieldPath: metadata.name}}]}}]}}, {name: work, emptyDir: {medium: Memory, sizeLimit: 1Mi}}]"
        ]
        let script = "echo $$greeting $$TOKEN; cd \(scratch.path("in")); cat app.conf; echo; cat token; echo; cut -c-8 name; head -c 2000000 /dev/zero > \(scratch.path("work"))/f 2>/dev/null || echo full"
        let result = try await run(job(script, container: container, pod: volumes) + objects, scratch)
        #expect(result.status == 0 && result.lines == ["hello t0p", "a=1", "t0p", "meaning-", "full"], "\(result)")
        #expect(mountTable == before)
    }

    /// Two pods that mount at the same place, which the host does not have: it goes with the second.
    @Test func mountPointsGo() async throws {
        let scratch = try Scratch(), place = scratch.path("deep/down"), other = try Scratch()
        let container = ["volumeMounts: [{name: v, mountPath: \(place)}]"], volumes = ["volumes: [{name: v, emptyDir: {}}]"]
        let script = "echo $$HOSTNAME > \(place)/f; touch \(scratch.path("up")); until [ -e \(scratch.path("go")) ]; do sleep 0.05; done; cat \(place)/f"
        let long = try Command(Drover.path, ["run", "-f", try scratch.write("job.yaml", job(script, container: container, pod: volumes))])
        defer { long.end() }
        #expect(await wait(seconds: 30) { !scratch.read("up").isEmpty || FileManager.default.fileExists(atPath: scratch.path("up")) })
        let last = "terminationMessagePath: \(scratch.path("words/last"))"
        let short = try await run(job("ls \(place); echo last > \(scratch.path("words/last"))", container: container + [last], pod: volumes), other)
        #expect(short.status == 0 && short.output.isEmpty, "\(short)")
        _ = try scratch.write("go", "")
        let result = try await long.finish(limit: 30)
        #expect(result.status == 0 && result.output.hasPrefix("meaning-"), "the other pod's end took the mount along: \(result)")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("deep")))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("words")))
    }

    @Test func mountPointsOfAKilledRunGo() async throws {
        let scratch = try Scratch(), place = scratch.path("deep")
        let text = job("touch \(scratch.path("up")); sleep 600", container: ["volumeMounts: [{name: v, mountPath: \(place)}]"], pod: ["volumes: [{name: v, emptyDir: {}}]"])
        let command = try Command(Drover.path, ["run", "-f", try scratch.write("job.yaml", text)])
        #expect(await wait(seconds: 30) { FileManager.default.fileExists(atPath: scratch.path("up")) })
        #expect(FileManager.default.fileExists(atPath: place))
        command.end()
        #expect(await wait(seconds: 20) { !FileManager.default.fileExists(atPath: place) })
    }

    @Test func profilesOfSystemCalls() async throws {
        let scratch = try Scratch(), jobs = "/apis/batch/v1/namespaces/default/jobs", pods = "/api/v1/namespaces/default/pods"
        func profile(_ name: String) -> String {
            job("mkdir d 2> /dev/null || echo denied; echo > f; ls", container: ["securityContext: {seccompProfile: {type: Localhost, localhostProfile: \(name).json}}"])
                .replacing("name: meaning", with: "name: " + name)
        }
        let without = try await run(profile("none"), scratch)
        #expect(without.status == 1 && without.errors.contains("CreateContainerConfigError") && without.errors.contains("--seccomp-profiles"), "\(without)")
        _ = try scratch.write("no-folders.json", #"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}]}"#)
        let up = try await Up(["--seccomp-profiles", scratch.root])
        defer { up.end() }
        for name in ["missing", "no-folders"] { #expect(try await up.send("POST", jobs, profile(name), type: "application/yaml").code == 201) }
        _ = try await up.until(jobs + "/missing") { $0.holds("Failed") }
        let refused = try await up.get(pods + "?labelSelector=job-name%3Dmissing").items.first?.text ?? ""
        #expect(refused.contains("cannot load seccomp profile") && refused.contains("missing.json"), "\(refused)")
        _ = try await up.until(jobs + "/no-folders") { $0.holds("Complete") }
        #expect(try await up.lines(of: "no-folders") == ["denied", "f"])
    }

    @Test func whatIsNotThereIsNamed() async throws {
        let scratch = try Scratch()
        let result = try await run(job("echo ran", container: ["envFrom: [{configMapRef: {name: none}}]"]), scratch)
        #expect(result.status == 1 && result.errors.contains("configmap \"none\" not found"), "\(result)")
    }
}
