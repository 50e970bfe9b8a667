import BatchAPI
import Broker
import Testing

@testable import KubernetesAPI

struct JobEditTests {
    private let target = "/apis/batch/v1/namespaces/default/jobs/j"
    private let merge = "application/merge-patch+json"

    @Test(arguments: [
        ("application/merge-patch+json", #"{"spec":{"suspend":true,"parallelism":4}}"#),
        ("application/strategic-merge-patch+json", #"{"spec":{"suspend":true,"parallelism":4}}"#),
        ("application/json-patch+json", #"[{"op":"add","path":"/spec/suspend","value":true},{"op":"replace","path":"/spec/parallelism","value":4}]"#),
    ])
    func patched(type: String, body: String) async throws {
        let world = World()
        try await world.job("j")
        let answer = try await world.send(.patch, target, body, type: type)
        #expect(answer.code == 200)
        #expect(answer.value.at("spec.suspend")?.bool == true && answer.value.at("spec.parallelism")?.int == 4)
        #expect(answer.value.at("metadata.generation")?.int == 2)
        #expect(answer.value.at("metadata.resourceVersion")?.string == "2")
        // The same again changes nothing, not even the version.
        #expect(try await world.send(.patch, target, body, type: type).value == answer.value)
    }

    @Test func labelsDoNotCountAsGeneration() async throws {
        let world = World()
        try await world.job("j")
        let answer = try await world.send(.patch, target, #"{"metadata":{"labels":{"a":"b","job-name":null}}}"#, type: merge)
        #expect(answer.value.at("metadata.labels.a")?.string == "b" && answer.value.at("metadata.labels")?["job-name"] == nil)
        #expect(answer.value.at("metadata.generation")?.int == 1)
    }

    @Test func whatMayNotChange() async throws {
        let world = World()
        try await world.job("j")
        func code(_ body: String) async throws -> Int { try await world.send(.patch, target, body, type: merge).code }
        #expect(try await code(#"{"spec":{"completions":3}}"#) == 422)
        #expect(try await code(#"{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"other"}]}}}}"#) == 422)
        #expect(try await code(#"{"spec":{"parallelism":-1}}"#) == 422)
        #expect(try await code(#"{"metadata":{"uid":"z"}}"#) == 422)
        #expect(try await code(#"{"metadata":{"name":"z"}}"#) == 400)
        #expect(try await code(#"{"spec":{"parallelism":"x"}}"#) == 400)
        #expect(try await code(#"{"metadata":{"resourceVersion":"77"}}"#) == 409)
        #expect(try await code(#"[]"#) == 400)
        #expect(try await code(#"{"status":{"succeeded":5}}"#) == 200)
        #expect(try await world.send(.get, target).value["status"] == .object([:]))
    }

    @Test func somebodyWasFaster() async throws {
        let world = World()
        try await world.job("j")
        world.broker.state.withLock { $0.conflicts = 3 }
        #expect(try await world.send(.patch, target, #"{"spec":{"suspend":true}}"#, type: merge).code == 200)
        world.broker.state.withLock { $0.conflicts = 99 }
        #expect(try await world.send(.patch, target, #"{"spec":{"suspend":false}}"#, type: merge).code == 200)
        world.broker.state.withLock { $0.conflicts = 1000 }
        #expect(try await world.send(.patch, target, #"{"spec":{"suspend":true}}"#, type: merge).code == 409)
    }

    @Test func replaced() async throws {
        let world = World()
        try await world.job("j")
        var value = try await world.send(.get, target).value
        value["spec"]?["parallelism"] = 2
        let put = try await world.send(.put, target, value.encoded())
        #expect(put.code == 200 && put.value.at("spec.parallelism")?.int == 2)
        #expect(try await world.send(.put, target, value.encoded()).code == 409)
        value["metadata"]?["resourceVersion"] = nil
        value["metadata"]?["creationTimestamp"] = nil
        #expect(try await world.send(.put, target, value.encoded()).value == put.value)
        value["metadata"]?["resourceVersion"] = "abc"
        #expect(try await world.send(.put, target, value.encoded()).code == 500)
        value["metadata"]?["name"] = "other"
        value["metadata"]?["resourceVersion"] = nil
        #expect(try await world.send(.put, target, value.encoded()).code == 400)
    }
}

struct PatchTests {
    private func json(_ text: String) throws -> Value { try Value.parse(json: Array(text.utf8)) }

    @Test func strategicLists() throws {
        let target = try json(
            """
            {"spec":{"template":{"spec":{"containers":[{"name":"a","image":"1","env":[{"name":"A","value":"1"},{"name":"B","value":"2"}]},
            {"name":"b"}],"volumes":[{"name":"v","emptyDir":{}}]}}},"metadata":{"finalizers":["x/y"]}}
            """)
        let patch = try json(
            """
            {"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"a"}],"containers":[{"$setElementOrder/env":[{"name":"A"}],
            "env":[{"$patch":"delete","name":"B"}],"image":"2","name":"a"},{"$patch":"delete","name":"b"}],
            "volumes":[{"$retainKeys":["hostPath","name"],"emptyDir":null,"hostPath":{"path":"/tmp"},"name":"v"}]}}},
            "metadata":{"finalizers":["p/q"],"$deleteFromPrimitiveList/finalizers":["none"]}}
            """)
        let result = try StrategicMergePatch.apply(patch, to: target, as: .object("Job"))
        #expect(result.at("spec.template.spec.containers")?.encoded() == #"[{"env":[{"name":"A","value":"1"}],"image":"2","name":"a"}]"#)
        #expect(result.at("spec.template.spec.volumes")?.encoded() == #"[{"hostPath":{"path":"/tmp"},"name":"v"}]"#)
        #expect(result.at("metadata.finalizers")?.strings == ["x/y", "p/q"])
    }

    @Test(arguments: [
        (#"[{"op":"add","path":"/a/-","value":3}]"#, #"{"a":[1,2,3],"b":{"c/d":1}}"#),
        (#"[{"op":"add","path":"/a/0","value":0}]"#, #"{"a":[0,1,2],"b":{"c/d":1}}"#),
        (#"[{"op":"remove","path":"/b/c~1d"}]"#, #"{"a":[1,2],"b":{}}"#),
        (#"[{"op":"move","from":"/a/0","path":"/b/x"}]"#, #"{"a":[2],"b":{"c/d":1,"x":1}}"#),
        (#"[{"op":"copy","from":"/a","path":"/c"}]"#, #"{"a":[1,2],"b":{"c/d":1},"c":[1,2]}"#),
        (#"[{"op":"test","path":"/a/1","value":2}]"#, #"{"a":[1,2],"b":{"c/d":1}}"#),
        (#"[{"op":"test","path":"/a/1","value":3}]"#, nil),
        (#"[{"op":"replace","path":"/x","value":3}]"#, nil),
        (#"[{"op":"remove","path":"/a/2"}]"#, nil),
        (#"[{"op":"nope","path":"/a"}]"#, nil),
        (#"[{"path":"a"}]"#, nil),
        (#"[7]"#, nil),
        (#"[{"op":"add","path":"/a/-1","value":3}]"#, nil),
    ])
    func jsonPatches(patch: String, expected: String?) throws {
        let target = try json(#"{"a":[1,2],"b":{"c/d":1}}"#), change = try json(patch)
        if let expected {
            #expect(try JSONPatch.apply(change, to: target).encoded() == expected)
        } else {
            #expect(throws: APIStatus.unprocessable) { try JSONPatch.apply(change, to: target) }
        }
    }

    /// Each copy of the whole into itself doubles size and depth.
    @Test func copiesThatGrowWithoutEnd() throws {
        let operations = Array(repeating: Value.object(["op": "copy", "from": "", "path": "/a"]), count: 200)
        #expect(throws: APIStatus.unprocessable) { try JSONPatch.apply(.array(operations), to: ["b": .string(String(repeating: "x", count: 1000))]) }
        let flat = Array(repeating: Value.object(["op": "copy", "from": "/b", "path": "/a/-"]), count: 9000)
        #expect(throws: APIStatus.unprocessable) {
            try JSONPatch.apply(.array(flat), to: ["a": [], "b": .string(String(repeating: "x", count: 1000))])
        }
    }
}
