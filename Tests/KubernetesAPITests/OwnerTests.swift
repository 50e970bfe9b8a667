import BatchAPI
import Broker
import Testing

@testable import KubernetesAPI

/// Who owns the fields of stored Jobs, and server-side apply.
struct OwnerTests {
    private let jobs = "/apis/batch/v1/namespaces/default/jobs"
    private let merge = "application/merge-patch+json"
    private let apply = "application/apply-patch+yaml"

    private func owners(_ value: Value) -> [String] {
        (value.at("metadata.managedFields")?.array ?? []).map { entry in
            [entry["manager"], entry["operation"], entry["subresource"]].compactMap { $0?.string }.joined(separator: " ")
        }
    }

    @Test func writersOwnWhatTheyWrite() async throws {
        let world = World()
        let created = try await world.send(.post, jobs, World.manifest("j"), agent: "tool/v1 (linux)")
        #expect(owners(created.value) == ["tool Update"])
        #expect(created.value.at("metadata.managedFields.0.fieldsV1.f:spec.f:backoffLimit") == .object([:]))
        let patch = #"{"spec":{"parallelism":3}}"#
        let patched = try await world.send(.patch, "\(jobs)/j?fieldManager=me", patch, type: merge)
        #expect(owners(patched.value).sorted() == ["me Update", "tool Update"])
        #expect(try await world.send(.get, "\(jobs)/j").value == patched.value)
        #expect(try await world.send(.patch, "\(jobs)/j?fieldManager=you", patch, type: merge).value == patched.value)
    }

    @Test func entriesAloneAreStored() async throws {
        let world = World()
        var value = try await world.send(.post, jobs, World.manifest("j"), agent: "tool").value
        value["metadata"]?["managedFields"] = nil
        #expect(owners(try await world.send(.put, "\(jobs)/j", value.encoded(), agent: "tool").value) == ["tool Update"])
        value["metadata"]?["managedFields"] = [[:]]
        #expect(owners(try await world.send(.put, "\(jobs)/j", value.encoded(), agent: "tool").value) == [])
        #expect(owners(try await world.send(.get, "\(jobs)/j").value) == [])
    }

    @Test func statusHasOwnersOfItsOwn() async throws {
        let world = World()
        try await world.send(.post, jobs, World.manifest("j", spec: #""managedBy": "example.org/x","#), agent: "tool")
        let written = try await world.send(.patch, "\(jobs)/j/status", #"{"status":{"active":1}}"#, type: merge, agent: "agent")
        #expect(written.code == 200 && owners(written.value).sorted() == ["agent Update status", "tool Update"])
        #expect(try await world.send(.get, "\(jobs)/j").value == written.value)
    }

    private func config(_ parallelism: Int, labels: String = "{}") -> String {
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: j, labels: \(labels)}
        spec:
          parallelism: \(parallelism)
          template: {spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}}
        """
    }

    @Test func applyMakesChangesAndGivesUp() async throws {
        let world = World()
        let target = "\(jobs)/j?fieldManager=a"
        let made = try await world.send(.patch, target, config(1, labels: "{x: z}"), type: apply)
        #expect(made.code == 201 && owners(made.value) == ["a Apply"] && made.value.at("spec.backoffLimit")?.int == 6)
        let again = try await world.send(.patch, target, config(1, labels: "{x: z}"), type: apply)
        #expect(again.code == 200 && again.value == made.value)
        let changed = try await world.send(.patch, target, config(2), type: apply)
        #expect(changed.value.at("spec.parallelism")?.int == 2 && changed.value.at("metadata.labels.x") == nil)
        #expect(changed.value.at("metadata.generation")?.int == 2)
        #expect(try await world.send(.get, "\(jobs)/j").value == changed.value)
    }

    @Test func conflictsOfAppliers() async throws {
        let world = World()
        try await world.send(.patch, "\(jobs)/j?fieldManager=a", config(1), type: apply)
        let refused = try await world.send(.patch, "\(jobs)/j?fieldManager=b", config(5), type: apply)
        #expect(refused.code == 409 && refused.value.at("details.causes.0.field")?.string == ".spec.parallelism")
        let rehearsed = try await world.send(.patch, "\(jobs)/j?fieldManager=b&force=true&dryRun=All", config(5), type: apply)
        #expect(rehearsed.value.at("spec.parallelism")?.int == 5)
        #expect(try await world.send(.get, "\(jobs)/j").value.at("spec.parallelism")?.int == 1)
        let forced = try await world.send(.patch, "\(jobs)/j?fieldManager=b&force=true", config(5), type: apply)
        #expect(forced.value.at("spec.parallelism")?.int == 5 && owners(forced.value).sorted() == ["a Apply", "b Apply"])
    }

    @Test func appliesThatAreRefused() async throws {
        let world = World()
        func code(_ query: String, _ body: String, path: String = "j") async throws -> Int {
            try await world.send(.patch, "\(jobs)/\(path)\(query)", body, type: apply).code
        }
        #expect(try await code("", config(1)) == 422)
        #expect(try await code("?fieldManager=a", config(1), path: "other") == 400)
        #expect(try await code("?fieldManager=a", "kind: Pod\napiVersion: v1") == 400)
        #expect(try await code("?fieldManager=a", "a: [") == 400)
        #expect(try await code("?fieldManager=a", config(1) + "\n  nope: 1") == 500)
        #expect(try await code("?fieldManager=a&fieldValidation=Strict", config(1) + "\n  parallelism: 1") == 400)
        #expect(try await code("?fieldManager=a", config(-1)) == 422)
        #expect(try await world.send(.get, "\(jobs)/j").code == 404)
        try await world.job("j")
        #expect(try await world.send(.patch, "\(jobs)/j?force=true", "{}", type: merge).code == 422)
        #expect(try await world.send(.patch, "\(jobs)/j?fieldManager=a%00", "{}", type: merge).code == 422)
    }
}
