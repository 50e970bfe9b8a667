import BatchAPI
import Foundation
import Testing

/// What a pod of several containers, or one that waits, says of itself while it lives.
@Suite(.serialized, .sharedUp, .enabled(if: Kubectl.path != nil && geteuid() == 0, "needs kubectl and root")) struct PodStatusTests {
    private let up: Up
    private let scratch: Scratch
    private static let path = "/api/v1/namespaces/default/pods"

    init() throws {
        up = try #require(SharedUp.current)
        scratch = try Scratch()
    }

    private func create(_ manifest: String) async throws {
        let made = try await up.kubectl(["create", "-f", "-"], input: manifest)
        #expect(made.status == 0, "\(made)")
    }

    /// Waits until READY, STATUS and RESTARTS of a Job's only pod read so.
    private func row(_ job: String, is expected: String, at place: SourceLocation = #_sourceLocation) async throws {
        var last = ""
        for _ in 0..<300 {
            let table = try await up.kubectl(["get", "pods", "-l", "job-name=" + job, "--no-headers"])
            last = table.output.split(whereSeparator: \.isWhitespace).dropFirst().prefix(3).joined(separator: " ")
            if last == expected { return }
        }
        Issue.record("\(last) instead of \(expected)", sourceLocation: place)
    }

    private func pod(_ job: String) async throws -> Value { try #require(try await up.get(Self.path + "?labelSelector=job-name%3D" + job).items.first) }

    @Test func eachContainerByItself() async throws {
        func waits(for name: String, then rest: String) -> String { "until [ -e \(scratch.path(name)) ]; do sleep 0.05; done; \(rest)" }
        try await create(
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: each}
            spec:
              backoffLimit: 0
              template:
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 1
                  initContainers:
                  - {name: i, image: x, command: [sh, -c, "echo preparing; \(waits(for: "init", then: "true"))"]}
                  - {name: s, image: x, restartPolicy: Always, command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.05; done"]}
                  containers:
                  - {name: a, image: x, command: [sh, -c, "\(waits(for: "a", then: "exit 3"))"]}
                  - {name: b, image: x, command: [sh, -c, "\(waits(for: "b", then: "true"))"]}
            """)
        try await row("each", is: "0/3 Init:0/2 0")
        let name = try await pod("each").name
        #expect(try await up.kubectl(["logs", name, "-c", "i"]).output == "preparing\n")
        let early = try await up.kubectl(["logs", name, "-c", "a"])
        #expect(early.errors.contains("is waiting to start: PodInitializing"), "\(early)")
        _ = try scratch.write("init", "")
        try await row("each", is: "3/3 Running 0")
        _ = try scratch.write("a", "")
        try await row("each", is: "2/3 Error 0")
        let half = try await pod("each")
        #expect(half.at("status.phase")?.string == "Running" && half.at("status.containerStatuses.0.state.terminated.exitCode")?.int == 3, "\(half.text)")
        #expect(half.at("status.containerStatuses.1.state.running") != nil, "\(half.text)")
        _ = try scratch.write("b", "")
        try await row("each", is: "0/3 Error 0")
        let done = try await pod("each")
        #expect(done.at("status.phase")?.string == "Failed" && done.at("status.containerStatuses.1.state.terminated.reason")?.string == "Completed", "\(done.text)")
        #expect(done.at("status.initContainerStatuses")?.array?.compactMap { $0.at("state.terminated.exitCode")?.int } == [0, 0], "\(done.text)")
    }

    @Test func crashingInitContainer() async throws {
        let manifest = Manifests.job("crash", restart: "OnFailure", script: "true")
            .replacing("      containers:", with: "      initContainers: [{name: i, image: x, command: [sh, -c, \"test -e \(scratch.path("go"))\"]}]\n      containers:")
        try await create(manifest.replacing("spec:\n  template", with: "spec:\n  backoffLimit: 100\n  template"))
        var pod = Value.null
        let isSeen = try await wait(seconds: 30) {
            let pod = try await self.pod("crash")
            return pod.at("status.initContainerStatuses.0.restartCount")?.int ?? 0 >= 2 && pod.at("status.initContainerStatuses.0.lastState.terminated.exitCode")?.int == 1
        }
        pod = try await self.pod("crash")
        #expect(isSeen && pod.at("status.phase")?.string == "Pending", "\(pod.text)")
        _ = try scratch.write("go", "")
        #expect(try await up.until("crash", "{.status.succeeded}", is: "1"))
    }

    /// Secret, ConfigMap and claim are not there when the pod is made; it runs when they are.
    @Test func waitsForObjects() async throws {
        let job = Manifests.job(
            "patient", script: "cat \(scratch.path("c"))/k", pod: ["volumes: [{name: c, configMap: {name: settings}}, {name: d, persistentVolumeClaim: {claimName: data}}]"]
        ).replacing(
            "        image: busybox",
            with: "        image: busybox\n        env: [{name: S, valueFrom: {secretKeyRef: {name: keys, key: s}}}]\n        volumeMounts: [{name: c, mountPath: \(scratch.path("c"))}]")
        try await create(job)
        try await event("FailedMount", "MountVolume.SetUp failed for volume \"c\" : configmap \"settings\" not found")
        try await row("patient", is: "0/1 ContainerCreating 0")
        #expect(try await up.kubectl(["create", "configmap", "settings", "--from-literal=k=v"]).status == 0)
        try await event("FailedScheduling", "persistentvolumeclaim \"data\" not found")
        #expect(try await pod("patient").at("status.phase")?.string == "Pending")
        let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}"
        try await create(claim)
        try await row("patient", is: "0/1 CreateContainerConfigError 0")
        try await event("Failed", "Error: secret \"keys\" not found")
        #expect(try await pod("patient").at("status.containerStatuses.0.state.waiting.message")?.string == "secret \"keys\" not found")
        #expect(try await up.kubectl(["create", "secret", "generic", "keys", "--from-literal=s=x"]).status == 0)
        try await row("patient", is: "0/1 Completed 0")
    }

    /// A running pod sees what is written into its ConfigMap meanwhile; all files of a volume change at once.
    @Test func volumesFollowTheirObjects() async throws {
        let place = scratch.path("m")
        #expect(try await up.kubectl(["create", "configmap", "moving", "--from-literal=a=one", "--from-literal=old=x"]).status == 0)
        let script = "until [ \"$(cat \(place)/a)\" = two ]; do sleep 0.1; done; ls \(place); cat \(place)/b"
        let job = Manifests.job("moved", script: script, pod: ["volumes: [{name: m, configMap: {name: moving}}]"])
            .replacing("        image: busybox", with: "        image: busybox\n        volumeMounts: [{name: m, mountPath: \(place)}]")
        try await create(job)
        try await row("moved", is: "1/1 Running 0")
        let patched = try await up.kubectl(["patch", "configmap", "moving", "--type=merge", "-p", #"{"data": {"a": "two", "b": "new", "old": null}}"#])
        #expect(patched.status == 0, "\(patched)")
        try await row("moved", is: "0/1 Completed 0")
        #expect(try await up.kubectl(["logs", try await pod("moved").name]).output == "a\nb\nnew")
    }

    private func event(_ reason: String, _ message: String, at place: SourceLocation = #_sourceLocation) async throws {
        let path = "/api/v1/namespaces/default/events?fieldSelector=involvedObject.kind%3DPod,reason%3D" + reason
        _ = try await up.until(path, at: place) { list in list.items.contains { $0["message"]?.string == message } }
    }
}
