import BatchAPI
import Broker
import Glibc
import Testing

@testable import Worker

/// Objects of a test's own.
struct Objects: ObjectLookup {
    var values: [String: Value] = [:]

    func object(_ resource: String, namespace: String, name: String) async throws(BrokerError) -> StoredObject? {
        values[resource + "/" + name].map { StoredObject(resource: resource, namespace: namespace, name: name, value: $0) }
    }
}

/// From a pod template to what is run.
@Suite struct PodPlanTests {
    static let objects = Objects(values: [
        "configmaps/m": ["data": ["a": "1", "b.txt": "two\n"], "binaryData": ["bin": "AP8="]], "secrets/s": ["data": ["k": "c2VjcmV0"], "stringData": ["t": "x"]],
        "persistentvolumeclaims/c": .object([:]),
    ])

    private func plan(_ spec: Value, _ change: (inout HostRules) -> Void = { _ in }) async throws(PodRefusal) -> AttemptPlan {
        var job = Job(["metadata": ["name": "j", "namespace": "ns"], "spec": ["template": ["metadata": ["labels": ["app": "x"]], "spec": spec]]])
        job.spec.completionMode = .indexed
        var rules = HostRules()
        (rules.user, rules.group, rules.capabilities) = (0, 0, .max)
        change(&rules)
        let grant = Grant(job: "u", token: 7, items: 4...4, pod: "j-4-abcde", podUID: "p-\(getpid())", revision: "1", failures: 2)
        return try await TemplatePlanner(node: "n1", home: "/root", rules: rules, objects: Self.objects).plan(job: job, grant: grant)
    }

    private func pod(_ container: [String: Value] = [:], volumes: [Value] = [], _ more: [String: Value] = [:]) -> Value {
        let main: Value = .object(["name": "c", "image": "i", "command": ["x"]].merging(container) { $1 })
        return .object(["restartPolicy": "Never", "containers": [main], "volumes": .array(volumes)].merging(more) { $1 })
    }

    @Test func environmentFromObjects() async throws {
        let plan = try await plan(pod([
            "envFrom": [["prefix": "M_", "configMapRef": ["name": "m"]], ["secretRef": ["name": "none", "optional": true]]],
            "env": [
                ["name": "K", "valueFrom": ["secretKeyRef": ["name": "s", "key": "k"]]], ["name": "A", "value": "$(M_a)$(K)"],
                ["name": "NONE", "valueFrom": ["configMapKeyRef": ["name": "m", "key": "no", "optional": true]]],
                ["name": "CPU", "valueFrom": ["resourceFieldRef": ["resource": "limits.cpu", "divisor": "1m"]]],
            ], "resources": ["limits": ["cpu": "250m"]],
        ]))
        let environment = plan.containers[0].environment
        #expect(environment["M_a"] == "1" && environment["K"] == "secret" && environment["A"] == "1secret" && environment["NONE"] == nil && environment["CPU"] == "250")
    }

    @Test func whatMayStillComeIsWaitedFor() async {
        for source: Value in [["configMapKeyRef": ["name": "m", "key": "no"]], ["secretKeyRef": ["name": "no", "key": "k"]]] {
            let spec = pod(["env": [["name": "X", "valueFrom": source]]])
            #expect(await #expect(throws: PodRefusal.self) { try await plan(spec) }?.mayPass == true)
            #expect(await #expect(throws: PodRefusal.self) { try await plan(spec) { $0.waitsForObjects = false } }?.mayPass == false)
        }
        let claim = pod(volumes: [["name": "v", "persistentVolumeClaim": ["claimName": "no"]]])
        #expect(await #expect(throws: PodRefusal.self) { try await plan(claim) }?.message == "persistentvolumeclaim \"no\" not found")
    }

    @Test(arguments: [
        (["hostPath": ["path": "/etc"]], "hostPath /etc is not allowed"), (["nfs": ["server": "a", "path": "/"]], "volumes of kind nfs"),
        (["projected": ["sources": [["serviceAccountToken": ["path": "t"]]]]], "serviceAccountToken"), (["emptyDir": ["medium": "HugePages"]], "HugePages"),
        (["configMap": ["name": "m", "items": [["key": "a", "path": "../x"]]]], "leaves the volume"),
    ] as [([String: Value], String)])
    func volumesThatCanNotBeHad(source: [String: Value], message: String) async {
        let spec = pod(["volumeMounts": [["name": "v", "mountPath": "/v"]]], volumes: [.object(source.merging(["name": "v"]) { $1 })])
        let refusal = await #expect(throws: PodRefusal.self) { try await plan(spec) { $0.hostPaths = ["/srv"] } }
        #expect(refusal?.mayPass == false && refusal?.message.contains(message) == true, "\(refusal?.message ?? "")")
    }

    @Test func hostPathsAreJudgedWithoutLinks() {
        var rules = HostRules()
        let scratch = Scratch()
        symlink("/etc", scratch.path + "/link")
        rules.hostPaths = [scratch.path]
        #expect(rules.allows(hostPath: scratch.path + "/new/one") && rules.allows(hostPath: scratch.path))
        for path in [scratch.path + "/link", scratch.path + "/link/new", scratch.path + "x", scratch.path + "/../x", "/"] { #expect(!rules.allows(hostPath: path), "\(path)") }
    }

    // MARK: Security

    @Test func securityExample() async throws {
        let context: Value = ["runAsNonRoot": true, "runAsUser": 1000, "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true]
        let plan = try await plan(pod(["securityContext": context], volumes: [], ["securityContext": ["runAsUser": 7, "fsGroup": 55, "supplementalGroups": [9]]]))
        let security = plan.containers[0].security
        #expect(security.user == 1000 && security.groups == [9, 55] && security.noNewPrivileges && security.isRootReadOnly && plan.volumeGroup == 55)
    }

    @Test func capabilitySets() async throws {
        func bounds(_ capabilities: Value) async throws -> UInt64? {
            try await plan(pod(["securityContext": ["capabilities": capabilities]])).containers[0].security.capabilities
        }
        #expect(try await bounds(["drop": ["ALL"]]) == 0)
        #expect(try await bounds(["drop": ["ALL"], "add": ["CAP_KILL"]]) == 1 << 5)
        #expect(try await bounds(["drop": ["KILL"], "add": ["SYS_TIME"]]) == Capabilities.containerDefault & ~(1 << 5) | 1 << 25)
        #expect(try await bounds(.object([:])) == nil)
    }

    @Test(arguments: [
        (["runAsNonRoot": true], "would run as root"), (["runAsNonRoot": true, "runAsUser": 0], "breaks non-root policy"), (["privileged": true], "--allow-privileged"),
        (["seccompProfile": ["type": "Localhost", "localhostProfile": "a"]], "no folder of profiles"), (["seLinuxOptions": ["level": "s0"]], "seLinuxOptions"),
        (["capabilities": ["add": ["NO_SUCH"]]], "NO_SUCH is not known"), (["capabilities": ["add": ["SYS_BOOT"]]], "does not have SYS_BOOT"),
        (["procMount": "Unmasked"], "procMount"), (["appArmorProfile": ["type": "RuntimeDefault"]], "appArmorProfile"),
    ] as [(Value, String)])
    func whatTheHostCanNotGiveIsRefused(context: Value, message: String) async {
        let refusal = await #expect(throws: PodRefusal.self) { try await plan(pod(["securityContext": context])) { $0.capabilities = ~(1 << 22) } }
        #expect(refusal?.reason == "CreateContainerConfigError" && refusal?.message.contains(message) == true, "\(refusal?.message ?? "")")
    }

    @Test func anOrdinaryUserRunsPodsAsItself() async throws {
        func plan(_ context: Value) async throws -> AttemptPlan {
            try await self.plan(pod(["securityContext": context])) { ($0.user, $0.group, $0.capabilities) = (1000, 1000, 0) }
        }
        let own = try await plan(["runAsUser": 1000, "runAsNonRoot": true, "readOnlyRootFilesystem": true, "capabilities": ["drop": ["ALL"]]])
        #expect(own.containers[0].security.usesUserNamespace && own.containers[0].security.user == nil)
        for context: Value in [["runAsUser": 0], ["runAsGroup": 5], ["capabilities": ["add": ["KILL"]]]] {
            await #expect(throws: PodRefusal.self) { try await plan(context) }
        }
    }

    // MARK: Volumes

    /// Runs a plan's container as the runtime does.
    private func run(_ plan: AttemptPlan, _ script: String) async throws -> String {
        let scratch = Scratch(), data = try DataFolder(path: scratch.path + "/data")
        let place = try PodPlace(plan, pod: "p", in: data)
        var container = plan.containers[0]
        (container.arguments, container.environment["PATH"]) = (["/bin/sh", "-c", script].map { Array($0.utf8) }, systemPath)
        let spec = ProcessSpec(container, place, output: .file(scratch.path + "/out"))
        _ = try await reaper.spawn(spec).exit()
        place.remove()
        #expect(directoryEntries(data.path + "/pods").isEmpty)
        return scratch.read("out")
    }

    @Test(.enabled(if: geteuid() == 0)) func filesOfObjects() async throws {
        let scratch = Scratch()
        let volumes: [Value] = [
            ["name": "m", "configMap": ["name": "m", "defaultMode": 0o644]], ["name": "s", "secret": ["secretName": "s", "items": [["key": "k", "path": "deep/key", "mode": 0o400]]]],
            ["name": "d", "downwardAPI": ["defaultMode": 0o644, "items": [["path": "labels", "fieldRef": ["fieldPath": "metadata.labels"]]]]],
            ["name": "p", "projected": ["sources": [["configMap": ["name": "m", "items": [["key": "a", "path": "x"]]]], ["secret": ["name": "s"]]]]],
        ]
        let mounts = ["m", "s", "d", "p"].map { ["name": .string($0), "mountPath": .string(scratch.path + "/" + $0)] as Value }
            + [["name": "m", "mountPath": .string(scratch.path + "/single"), "subPath": "b.txt"]]
        let plan = try await plan(pod(["volumeMounts": .array(mounts)], volumes: volumes))
        let script = "cd \(scratch.path); cat m/a m/b.txt; od -An -tx1 m/bin; cat s/deep/key; stat -c ' %a' s/deep/key; cat d/labels; echo; ls p; cat single; touch m/new 2>/dev/null || echo shut"
        let output = try await run(plan, script)
        #expect(output.hasPrefix("1two\n 00 ff\nsecret 400\napp=\"x\"\n"), "\(output)")
        #expect(output.contains("\nk\nt\nx\ntwo\nshut\n"), "\(output)")
    }

    @Test(.enabled(if: geteuid() == 0)) func groupOfVolumes() async throws {
        let scratch = Scratch()
        let context: Value = ["runAsUser": 1000, "runAsGroup": 1000, "fsGroup": 4321]
        let mounts: Value = [["name": "e", "mountPath": .string(scratch.path + "/e")], ["name": "s", "mountPath": .string(scratch.path + "/s")]]
        let volumes: [Value] = [["name": "e", "emptyDir": .object([:])], ["name": "s", "secret": ["secretName": "s", "defaultMode": 0o400]]]
        let plan = try await plan(pod(["volumeMounts": mounts], volumes: volumes, ["securityContext": context]))
        let output = try await run(plan, "id -u; id -G; touch \(scratch.path)/e/f && stat -c '%g' \(scratch.path)/e/f; cat \(scratch.path)/s/k; touch here && echo own")
        #expect(output == "1000\n1000 4321\n4321\nsecretown\n")
    }

    @Test func sizesAreMeasured() async throws {
        let scratch = Scratch(), data = try DataFolder(path: scratch.path + "/data")
        let spec = pod(["volumeMounts": [["name": "e", "mountPath": "/e"]]], volumes: [["name": "e", "emptyDir": ["sizeLimit": "1Mi"]]])
        let place = try PodPlace(try await plan(spec), pod: "p", in: data)
        let excess = try #require(place.volumes?.excess)
        #expect(excess() == nil)
        _ = scratch.write("data/pods/p.volumes/e/f", String(repeating: "x", count: 2 << 20))
        #expect(excess()?.contains("\"e\"") == true)
        place.remove()
    }
}
