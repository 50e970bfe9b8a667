import BatchAPI
import Broker
import Testing

@testable import Worker

/// Commands, arguments and environments from a pod template.
@Suite struct VariableTests {
    @Test(arguments: [
        ("plain", "plain"), ("$(A)", "1"), ("x$(A)y$(B)", "x1y2"), ("$(UNKNOWN)", "$(UNKNOWN)"), ("$$(A)", "$(A)"), ("$$", "$"), ("$", "$"),
        ("$(A", "$(A"), ("$A", "$A"), ("", ""), ("$$$(A)", "$1"), ("a$$b", "a$b"),
    ])
    func expansion(text: String, expected: String) { #expect(VariableExpansion.expand(text, ["A": "1", "B": "2"]) == expected) }

    private func job(_ spec: Value, indexed: Bool) -> Job {
        var job = Job([
            "metadata": ["name": "j", "namespace": "ns", "uid": "u"], "spec": ["template": ["metadata": ["labels": ["app": "x"]], "spec": spec]],
        ])
        job.spec.completionMode = indexed ? .indexed : .nonIndexed
        return job
    }

    private let grant = Grant(job: "u", token: 7, items: 4...4, pod: "j-4-abcde", podUID: "p", revision: "1", failures: 2)

    private func plan(_ container: Value, indexed: Bool = true, restart: String = "Never") async throws(PodRefusal) -> AttemptPlan {
        let job = job(["restartPolicy": .string(restart), "containers": [container]], indexed: indexed)
        return try await TemplatePlanner(node: "n1", home: "/home/w").plan(job: job, grant: grant)
    }

    @Test("P12: the index in environment and arguments") func environment() async throws {
        let container: Value = [
            "name": "c", "command": ["run", "$(JOB_COMPLETION_INDEX)"], "args": ["$(LATER)"],
            "env": [
                ["name": "POD", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]], ["name": "APP", "valueFrom": ["fieldRef": ["fieldPath": "metadata.labels['app']"]]],
                ["name": "NODE", "valueFrom": ["fieldRef": ["fieldPath": "spec.nodeName"]]], ["name": "BOTH", "value": "$(POD)@$(NODE)"],
                ["name": "LATER", "value": "ok"],
            ],
        ]
        let plan = try await plan(container).containers[0]
        #expect(plan.arguments.map { String(decoding: $0, as: UTF8.self) } == ["run", "4", "ok"])
        let expected = [
            "PATH": PodEnvironment.path, "HOME": "/home/w", "HOSTNAME": "j-4", "JOB_COMPLETION_INDEX": "4", "POD": "j-4-abcde", "APP": "x", "NODE": "n1",
            "BOTH": "j-4-abcde@n1", "LATER": "ok",
        ]
        #expect(plan.environment == expected)
    }

    @Test("a NonIndexed pod finds its ordinal under the annotation") func ordinal() async throws {
        let source: Value = ["fieldRef": ["fieldPath": "metadata.annotations['batch.kubernetes.io/job-completion-index']"]]
        let plan = try await plan(["name": "c", "command": ["x"], "env": [["name": "I", "valueFrom": source]]], indexed: false).containers[0]
        #expect(plan.environment["I"] == "4" && plan.environment["JOB_COMPLETION_INDEX"] == nil)
    }

    @Test("S76: what the template says stands") func ownIndexVariable() async throws {
        let plan = try await plan(["name": "c", "command": ["x"], "env": [["name": "JOB_COMPLETION_INDEX", "value": "foo"]]])
        #expect(plan.containers[0].environment["JOB_COMPLETION_INDEX"] == "foo")
    }

    @Test(arguments: [
        (["name": "c"], "neither command nor args"), (["name": "c", "command": ["x"], "volumeMounts": [["name": "v", "mountPath": "/data"]]], "does not have"),
        (["name": "c", "command": ["x"], "env": [["name": "A", "valueFrom": ["secretKeyRef": ["name": "s", "key": "k"]]]]], "secret \"s\" not found"),
        (["name": "c", "command": ["x"], "envFrom": [["configMapRef": ["name": "m"]]]], "configmap \"m\" not found"),
    ] as [(Value, String)])
    func refusals(container: Value, message: String) async {
        let refusal = await #expect(throws: PodRefusal.self) { try await plan(container) }
        #expect(refusal?.message.contains(message) == true, "\(refusal?.message ?? "")")
    }

    @Test("P4: none before the first, then doubled up to the cap, anew after ten minutes") func restartDelays() {
        let backoff = RestartBackoff()
        var failures = 0
        var waits: [Duration] = []
        for _ in 0..<8 {
            let next = backoff.next(failures: failures, ran: .seconds(1))
            failures = next.failures
            waits.append(next.wait)
        }
        #expect(waits == [0, 10, 20, 40, 80, 160, 300, 300].map { .seconds($0) })
        #expect(backoff.next(failures: 8, ran: .seconds(600)).wait == .zero)
    }

    @Test func onFailureRestartsInPlace() async throws {
        #expect(try await plan(["name": "c", "command": ["x"]], restart: "OnFailure").containers[0].restart.restarts(after: 1))
        #expect(try await !plan(["name": "c", "command": ["x"]]).containers[0].restart.restarts(after: 1))
    }
}
