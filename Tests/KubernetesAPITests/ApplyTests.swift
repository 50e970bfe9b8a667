import BatchAPI
import Testing

@testable import KubernetesAPI

private func json(_ text: String) throws -> Value { try Value.parse(json: Array(text.utf8)) }
private func seconds(_ number: Int64) -> Timestamp { Timestamp(milliseconds: 1_700_000_000_000 + number * 1000) }

/// Applies `spec` and `metadata` in JSON.
private func apply(
    _ spec: String, metadata: String = "{}", to live: Value? = nil, by manager: String = "a", force: Bool = false, at time: Int64 = 0
) throws -> Value {
    let config: Value = ["apiVersion": "batch/v1", "kind": "Job", "metadata": try json(metadata), "spec": try json(spec)]
    return try Apply.apply(config, to: live, type: "Job", manager: manager, force: force, time: seconds(time))
}

private func podSpec(_ members: String) -> String { #"{"template":{"spec":{\#(members)}}}"# }

extension Value {
    fileprivate func fields(of manager: String) -> String? {
        ManagedFields.entries(of: self).values.first { $0["manager"]?.string == manager }?["fieldsV1"]?.encoded()
    }

    /// Written by a plain write.
    fileprivate func written(by manager: String, at time: Int64 = 0, _ change: (inout Value) -> Void) -> Value {
        var new = self
        change(&new)
        let list = ManagedFields.updated(
            old: self, new: new, type: "Job", apiVersion: "batch/v1", manager: manager, subresource: nil, time: seconds(time))
        new["metadata"]?["managedFields"] = list.isEmpty ? nil : .array(list)
        return new
    }

    fileprivate var podSpec: Value? { at("spec.template.spec") }
}

struct ApplyTests {
    @Test func whatApplyingOwns() throws {
        let spec = #"{"parallelism":2,"template":{"spec":{"containers":[{"name":"c","image":"i","resources":{}}]}}}"#
        let job = try apply(spec, metadata: #"{"name":"j","labels":{"a":"b"}}"#)
        let expected = try json(
            #"""
            {"f:metadata":{"f:labels":{"f:a":{}}},"f:spec":{"f:parallelism":{},"f:template":{"f:spec":{"f:containers":{
            "k:{\"name\":\"c\"}":{".":{},"f:image":{},"f:name":{},"f:resources":{}}}}}}}
            """#)
        #expect(job.fields(of: "a") == expected.encoded())
        let entry = try #require(job.at("metadata.managedFields.0"))
        #expect(entry["operation"] == "Apply" && entry["apiVersion"] == "batch/v1" && entry["subresource"] == nil)
        #expect(job.at("spec.parallelism") == 2 && job.at("metadata.name") == "j")
    }

    @Test func anotherValueConflicts() throws {
        let job = try apply("{}", metadata: #"{"name":"j"}"#).written(by: "kubectl-client-side-apply") { _ in }
        let owned = try apply(#"{"suspend":false}"#, to: job).written(by: "kubectl-client-side-apply") { $0["spec"]?["parallelism"] = 1 }
        let error = try #require(throws: APIStatus.self) { try apply(#"{"parallelism":2}"#, to: owned, by: "b") }
        #expect(error.code == 409 && error.reason == "Conflict")
        #expect(error.message == #"Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using batch/v1: .spec.parallelism"#)
        let cause: Value = [
            "reason": "FieldManagerConflict", "message": #"conflict with "kubectl-client-side-apply" using batch/v1"#, "field": ".spec.parallelism",
        ]
        #expect(error.details == ["causes": [cause]])
        // The same value is shared.
        let shared = try apply(#"{"parallelism":1}"#, to: owned, by: "b")
        #expect(shared.fields(of: "b") == shared.fields(of: "kubectl-client-side-apply"))
    }

    @Test func severalConflicts() throws {
        let spec = #"{"parallelism":1,"suspend":true,"template":{"spec":{"containers":[{"name":"c","image":"1"}]}}}"#
        var job = try apply(spec, by: "b").written(by: "a") { $0["spec"]?["completions"] = 3 }
        job = job.written(by: "z") { _ in }
        let other = #"{"parallelism":2,"completions":4,"template":{"spec":{"containers":[{"name":"c","image":"2"}]}}}"#
        let error = try #require(throws: APIStatus.self) { try apply(other, to: job, by: "c") }
        #expect(
            error.message == """
                Apply failed with 3 conflicts: conflicts with "a" using batch/v1:
                - .spec.completions
                conflicts with "b":
                - .spec.parallelism
                - .spec.template.spec.containers[name="c"].image
                """)
        #expect(error.details?["causes"]?.array?.count == 3)
    }

    @Test func conflictWithASubresource() throws {
        let job = try apply(#"{"suspend":true}"#)
        var new = job
        new["metadata"]?["labels"] = ["a": "1"]
        let list = ManagedFields.updated(
            old: job, new: new, type: "Job", apiVersion: "batch/v1", manager: "s", subresource: "status", time: seconds(0))
        new["metadata"]?["managedFields"] = .array(list)
        let error = try #require(throws: APIStatus.self) { try apply("{}", metadata: #"{"labels":{"a":"2"}}"#, to: new, by: "b") }
        #expect(error.message == #"Apply failed with 1 conflict: conflict with "s" with subresource "status" using batch/v1: .metadata.labels.a"#)
    }

    @Test func forceTakes() throws {
        let job = try apply(#"{"parallelism":1,"suspend":true}"#, by: "b")
        let taken = try apply(#"{"parallelism":2}"#, to: job, force: true, at: 3)
        #expect(taken.at("spec.parallelism") == 2)
        #expect(taken.fields(of: "a") == #"{"f:spec":{"f:parallelism":{}}}"# && taken.fields(of: "b") == #"{"f:spec":{"f:suspend":{}}}"#)
    }

    @Test func whatIsNoLongerAppliedGoes() throws {
        var job = try apply(#"{"parallelism":1,"suspend":true,"template":{"spec":{"hostname":"h"}}}"#)
        job = job.written(by: "defaults") { $0["spec"]?["template"]?["spec"]?["dnsPolicy"] = "x" }
        job = try apply(#"{"suspend":true}"#, to: job)
        #expect(job["spec"] == ["suspend": true, "template": ["spec": ["dnsPolicy": "x"]]])
        // What somebody else applied, or wrote, stays.
        job = try apply(#"{"suspend":true}"#, to: job, by: "b")
        job = try apply("{}", to: job)
        #expect(job.at("spec.suspend") == true && job.fields(of: "a") == #"{"f:spec":{}}"#)
        job = try apply(#"{"parallelism":3}"#, to: job).written(by: "w") { $0["spec"]?["parallelism"] = 4 }
        #expect(try apply("{}", to: job).at("spec.parallelism") == 4)
    }

    /// An object whose only owner gives it up goes with what defaults put into it.
    @Test func holdersGoWithTheirDefaults() throws {
        let probe = #""containers":[{"name":"c","livenessProbe":{"httpGet":{"port":80}}}]"#
        var job = try apply(podSpec(probe))
        let defaulted: Value = ["httpGet": ["port": 80, "scheme": "HTTP"], "periodSeconds": 10]
        job["spec"] = ["template": ["spec": ["containers": [["name": "c", "livenessProbe": defaulted]]]]]
        #expect(try apply(podSpec(#""containers":[{"name":"c"}]"#), to: job).podSpec == ["containers": [["name": "c"]]])
        // A map stays with the keys that nobody applied.
        job = try apply("{}", metadata: #"{"labels":{"a":"1","b":"2"}}"#)
        job["metadata"]?["labels"] = ["a": "1", "b": "2", "generated": "3"]
        #expect(try apply("{}", metadata: #"{"labels":{"b":"2"}}"#, to: job).at("metadata.labels") == ["b": "2", "generated": "3"])
        #expect(try apply("{}", to: job).at("metadata.labels") == ["generated": "3"])
        job["metadata"]?["labels"] = ["a": "1", "b": "2"]
        #expect(try apply("{}", to: job).at("metadata.labels") == nil)
    }

    @Test(arguments: [
        ("a,b", "b,c", "a,b,c"), ("a,b,c", "c,a", "b,c,a"), ("a,b,c", "b", "a,b,c"), ("x,a,y,b", "b,n,a", "x,y,b,n,a"), ("a", "", "a"),
        ("", "b,a", "b,a"), ("a,b", "n,a", "n,a,b"), ("a,b", "a,n", "a,b,n"),
    ])
    func orderOfLists(live: String, applied: String, expected: String) throws {
        func list(_ names: String) -> String {
            podSpec("\"containers\":[" + names.split(separator: ",").map { "{\"name\":\"\($0)\"}" }.joined(separator: ",") + "]")
        }
        let job = try apply(list(live), by: "other")
        let names = (try apply(list(applied), to: job).at("spec.template.spec.containers")?.array ?? []).map { $0["name"]?.string ?? "" }
        #expect(names.joined(separator: ",") == expected)
    }

    @Test func itemsMergeByTheirKeys() throws {
        let ports = #"{"containerPort":80,"name":"t"},{"containerPort":80,"protocol":"UDP","name":"u"}"#
        let job = try apply(podSpec(#""containers":[{"name":"c","image":"1","ports":[\#(ports)],"env":[{"name":"A","value":"1"}]}]"#), by: "b")
        let other = #""containers":[{"name":"c","ports":[{"containerPort":80,"protocol":"TCP","hostPort":8080}],"env":[{"name":"B","value":"2"}]}]"#
        let merged = try apply(podSpec(other), to: job)
        let expected = try json(
            #"""
            {"name":"c","image":"1","env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],"ports":[
            {"containerPort":80,"hostPort":8080,"name":"t","protocol":"TCP"},{"containerPort":80,"name":"u","protocol":"UDP"}]}
            """#)
        #expect(merged.at("spec.template.spec.containers.0") == expected)
        // A shared item stays as long as one applies it.
        let less = try apply(podSpec(#""containers":[]"#), to: merged, by: "b")
        #expect(
            less.podSpec?.encoded()
                == #"{"containers":[{"env":[{"name":"B","value":"2"}],"name":"c","ports":[{"containerPort":80,"hostPort":8080,"protocol":"TCP"}]}]}"#)
        #expect(try apply(podSpec(#""hostname":"h""#), to: less).podSpec == ["hostname": "h"])
    }

    @Test func setsAndAtomicLists() throws {
        let job = try apply(podSpec(#""tolerations":[{"key":"a"}],"nodeSelector":{"a":"1"}"#), metadata: #"{"finalizers":["a/a","b/b"]}"#, by: "b")
        var error = try #require(throws: APIStatus.self) { try apply(podSpec(#""tolerations":[{"key":"b"}]"#), to: job) }
        #expect(error.message == #"Apply failed with 1 conflict: conflict with "b": .spec.template.spec.tolerations"#)
        error = try #require(throws: APIStatus.self) { try apply(podSpec(#""nodeSelector":{"b":"1"}"#), to: job) }
        #expect(error.message.hasSuffix(": .spec.template.spec.nodeSelector"))
        let forced = try apply(podSpec(#""nodeSelector":{"b":"1"}"#), metadata: #"{"finalizers":["c/c","a/a"]}"#, to: job, force: true)
        #expect(forced.podSpec?["nodeSelector"] == ["b": "1"])
        #expect(forced.at("metadata.finalizers")?.strings == ["c/c", "a/a", "b/b"])
        #expect(try apply("{}", to: forced).at("metadata.finalizers")?.strings == ["a/a", "b/b"])
    }

    @Test func nulls() throws {
        let job = try apply(#"{"parallelism":3,"template":{"spec":{"hostname":"h"}}}"#, metadata: #"{"labels":{"a":"1"}}"#, by: "b")
        let error = try #require(throws: APIStatus.self) { try apply(#"{"parallelism":null}"#, to: job) }
        #expect(error.message.hasSuffix(": .spec.parallelism"))
        let forced = try apply(#"{"parallelism":null,"template":null,"suspend":null}"#, metadata: #"{"labels":null}"#, to: job, force: true)
        #expect(forced["spec"] == ["template": ["spec": ["hostname": "h"]]] && forced.at("metadata.labels") == ["a": "1"])
        #expect(forced.fields(of: "a") == #"{"f:metadata":{"f:labels":{}},"f:spec":{"f:parallelism":{},"f:suspend":{},"f:template":{}}}"#)
        #expect(try apply("{}", metadata: #"{"labels":{"x":null}}"#).at("metadata.labels") == ["x": ""])
    }

    @Test func theSameAgainChangesNothing() throws {
        let spec = #"{"parallelism":1,"template":{"spec":{"containers":[{"name":"c"}]}}}"#
        let job = try apply(spec, metadata: #"{"name":"j"}"#)
        #expect(try apply(spec, metadata: #"{"name":"j"}"#, to: job, at: 50) == job)
        let shared = try apply(spec, to: job, by: "b", at: 50)
        #expect(shared != job && shared["spec"] == job["spec"])
        var defaulted = job
        defaulted["spec"]?["suspend"] = false
        var again = try apply(#"{"parallelism":1,"template":{"spec":{"containers":[{"name":"c"}]}}}"#, to: defaulted, at: 60)
        #expect(again == defaulted)
        again["metadata"]?["managedFields"] = shared.at("metadata.managedFields")
        #expect(ManagedFields.settled(again, old: defaulted) == again)
    }

    @Test func objectsThatNobodyOwned() throws {
        let job: Value = ["apiVersion": "batch/v1", "metadata": ["name": "j", "uid": "u"], "spec": ["parallelism": 1, "suspend": false]]
        let error = try #require(throws: APIStatus.self) { try apply(#"{"parallelism":2}"#, to: job) }
        #expect(error.message == #"Apply failed with 1 conflict: conflict with "before-first-apply" using batch/v1: .spec.parallelism"#)
        let applied = try apply(#"{"parallelism":1}"#, to: job)
        #expect(applied.fields(of: "before-first-apply") == #"{"f:spec":{"f:parallelism":{},"f:suspend":{}}}"#)
    }

    @Test(arguments: [
        (#"{"bogus":1}"#, ".spec.bogus: field not declared in schema"),
        (#"{"parallelism":"x"}"#, ".spec.parallelism: expected numeric (int or float), got string"),
        (#"{"template":[]}"#, ".spec.template: expected map, got list"),
        (
            #"{"template":{"spec":{"containers":[{"image":"x"}]}}}"#,
            ".spec.template.spec.containers: element 0: associative list with keys has an element that omits key field \"name\" "
                + "(and doesn't have default value)"
        ),
        (
            #"{"template":{"spec":{"containers":[{"name":"c"},{"name":"c"}]}}}"#,
            #".spec.template.spec.containers: duplicate entries for key [name="c"]"#
        ),
        (
            #"{"template":{"spec":{"containers":[null]}}}"#,
            ".spec.template.spec.containers: element 0: associative list with keys may not have a null element"
        ),
        (
            #"{"template":{"spec":{"containers":[{"name":"c","foo":1,"args":[3]}]}}}"#,
            """
            errors:
              .spec.template.spec.containers[name="c"].args[0]: expected string, got number
              .spec.template.spec.containers[name="c"].foo: field not declared in schema
            """
        ),
    ])
    func whatCannotBeApplied(spec: String, message: String) throws {
        let error = try #require(throws: APIStatus.self) { try apply(spec, metadata: #"{"name":"j","namespace":"n"}"#) }
        #expect(error.message == "failed to create typed patch object (n/j; batch/v1, Kind=Job): \(message)")
    }

    @Test func whatApplyRefusesAtOnce() throws {
        var error = try #require(throws: APIStatus.self) { try apply("{}", metadata: #"{"managedFields":[]}"#) }
        #expect(error.code == 400 && error.message == "metadata.managedFields must be nil")
        error = try #require(throws: APIStatus.self) { try apply("{}", metadata: #"{"finalizers":["a","a"]}"#) }
        #expect(error.message.hasSuffix(#".metadata.finalizers: duplicate entries for key [="a"]"#))
        error = try #require(throws: APIStatus.self) {
            try Apply.apply(["apiVersion": "v1"], to: nil, type: "Job", manager: "m", force: false, time: seconds(0))
        }
        #expect(error.message == "Incorrect version specified in apply patch. Specified patch version: v1, expected: batch/v1")
        #expect(throws: APIStatus.self) { try Apply.apply([3], to: nil, type: "Job", manager: "m", force: false, time: seconds(0)) }
    }
}

/// From `kubectl apply` to `kubectl apply --server-side`.
struct ClientSideApplyTests {
    private func clientApplied() throws -> Value {
        let config = #"{"apiVersion":"batch/v1","kind":"Job","metadata":{"annotations":{},"name":"j"},"spec":{"parallelism":1,"suspend":true}}"#
        var job = try json(config)
        job["metadata"]?["annotations"] = [LastApplied.annotation: .string(config + "\n")]
        let list = ManagedFields.updated(
            old: nil, new: job, type: "Job", apiVersion: "batch/v1", manager: "kubectl-client-side-apply", subresource: nil, time: seconds(0))
        job["metadata"]?["managedFields"] = .array(list)
        return job
    }

    @Test func kubectlTakesOverWhatItSet() throws {
        let job = try clientApplied()
        let applied = try apply(#"{"parallelism":2,"suspend":true}"#, metadata: #"{"name":"j"}"#, to: job, by: "kubectl")
        #expect(applied.at("spec.parallelism") == 2)
        let text = try #require(applied["metadata"]?["annotations"]?[LastApplied.annotation]?.string)
        #expect(text == #"{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j"},"spec":{"parallelism":2,"suspend":true}}"# + "\n")
        // Others don't.
        #expect(throws: APIStatus.self) { try apply(#"{"parallelism":2}"#, to: job, by: "other") }
        // And kubectl doesn't take what was changed since.
        let edited = job.written(by: "x") { $0["spec"]?["parallelism"] = 5 }
        let error = try #require(throws: APIStatus.self) { try apply(#"{"parallelism":2,"suspend":false}"#, to: edited, by: "kubectl") }
        #expect(error.message == #"Apply failed with 1 conflict: conflict with "x" using batch/v1: .spec.parallelism"#)
    }

    /// kubectl's second request: the annotation, by a manager of its own.
    @Test func theAnnotationFollows() throws {
        let job = try apply(#"{"parallelism":2}"#, metadata: #"{"name":"j"}"#, to: try clientApplied(), by: "kubectl")
        var config: Value = ["apiVersion": "batch/v1", "kind": "Job", "metadata": ["name": "j"]]
        config["metadata"]?["annotations"] = [LastApplied.annotation: "text"]
        let result = try Apply.apply(config, to: job, type: "Job", manager: "kubectl-last-applied", force: true, time: seconds(9))
        #expect(result["metadata"]?["annotations"]?[LastApplied.annotation] == "text" && result["spec"] == job["spec"])
        #expect(result.fields(of: "kubectl-last-applied")?.contains(LastApplied.annotation) == true)
    }

    @Test(arguments: ["", "{", "[]", #"{"apiVersion":"v1"}"#, #"{"apiVersion":"batch/v1","spec":{"bogus":1}}"#])
    func garbageInTheAnnotation(text: String) throws {
        var job = try clientApplied()
        job["metadata"]?["annotations"] = [LastApplied.annotation: .string(text)]
        #expect(throws: APIStatus.self) { try apply(#"{"parallelism":2}"#, to: job, by: "kubectl") }
    }
}

/// What holds for any objects, over many drawn ones.
struct RandomApplyTests {
    /// A small generator, the same on every machine.
    private struct Dice {
        var state: UInt64
        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(sides))
        }
        mutating func some<Element>(_ elements: [Element]) -> [Element] { elements.filter { _ in roll(2) == 0 } }
    }

    private static func config(_ dice: inout Dice) -> Value {
        let names = dice.some(["a", "b", "c", "d"])
        let ordered = dice.roll(2) == 0 ? names : names.reversed()
        var spec: Value = ["template": ["spec": ["containers": .array(ordered.map { container($0, &dice) })]]]
        for key in dice.some(["parallelism", "completions", "backoffLimit"]) { spec[key] = dice.roll(5) == 0 ? .null : .int(Int64(dice.roll(3))) }
        if dice.roll(3) == 0 { spec["template"]?["spec"]?["nodeSelector"] = ["k": .string("\(dice.roll(2))")] }
        if dice.roll(3) == 0 { spec["podFailurePolicy"] = ["rules": .array(dice.some([["action": "Ignore"], ["action": "Count"]]))] }
        var metadata: Value = ["name": "j", "labels": .strings(Dictionary(dice.some(["x", "y", "z"]).map { ($0, "\(dice.roll(2))") }) { $1 })]
        if dice.roll(2) == 0 { metadata["finalizers"] = .strings(dice.some(["f/1", "f/2", "f/3"])) }
        return ["apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": spec]
    }

    private static func container(_ name: String, _ dice: inout Dice) -> Value {
        var container: Value = ["name": .string(name)]
        if dice.roll(2) == 0 { container["image"] = .string("i\(dice.roll(3))") }
        if dice.roll(2) == 0 { container["args"] = .strings(dice.some(["1", "2"])) }
        if dice.roll(2) == 0 { container["resources"] = dice.roll(2) == 0 ? [:] : ["limits": ["cpu": .string("\(dice.roll(3))")]] }
        container["env"] = .array(dice.some(["A", "B", "C"]).map { ["name": .string($0), "value": .string("\(dice.roll(2))")] })
        if dice.roll(2) == 0 { container["ports"] = .array(dice.some([1, 2]).map { ["containerPort": .int(Int64($0))] }) }
        return container
    }

    @Test(arguments: 0..<40)
    func histories(seed: Int) throws {
        var dice = Dice(state: UInt64(seed) &* 7919 &+ 1), live: Value?
        for step in 0..<12 {
            let config = Self.config(&dice), manager = ["a", "b", "c"][dice.roll(3)]
            if let old = live, dice.roll(3) == 0 {
                live = old.written(by: manager, at: Int64(step)) { object in
                    object["spec"] = config["spec"].map { ApplyMerge.withoutNulls($0, .object("JobSpec")) }
                }
            } else {
                let next = try applied(config, over: live, by: manager, at: Int64(step))
                #expect(try Apply.apply(config, to: next, type: "Job", manager: manager, force: false, time: seconds(99)) == next)
                live = next
            }
            try check(try #require(live))
        }
    }

    private func applied(_ config: Value, over live: Value?, by manager: String, at time: Int64) throws -> Value {
        let next = try Apply.apply(config, to: live, type: "Job", manager: manager, force: true, time: seconds(time))
        let claimed = FieldSet(of: config, type: "Job").difference(UnmanagedFields.never)
        let entry = ManagedFields.entries(of: next).byIdentity.values.first { $0.identity.manager == manager && $0.identity.operation == .apply }
        #expect((entry?.fields ?? FieldSet()) == claimed)
        // Everything applied is there.
        let missing = Comparison(ApplyMerge.withoutNulls(config, .object("Job")), next, type: "Job")
        #expect(missing.modified.isEmpty && missing.removed.isEmpty, "\(missing)")
        return next
    }

    private func check(_ object: Value) throws {
        for entry in object.at("metadata.managedFields")?.array ?? [] {
            let fields = try #require(entry["fieldsV1"]), set = try #require(FieldSet(fieldsV1: fields))
            #expect(set.fieldsV1 == fields && FieldSet(paths: set.paths) == set && !set.isEmpty)
        }
        #expect(ConfigCheck.problems(of: object, type: "Job").isEmpty)
    }

    /// Anything may stand anywhere.
    private static func garbage(_ dice: inout Dice, depth: Int) -> Value {
        let keys = [
            "metadata", "spec", "template", "containers", "name", "managedFields", "labels", "f:spec", ".", "k:{}", "env", "status", "fieldsV1",
        ]
        switch dice.roll(depth > 5 ? 5 : 9) {
        case 0: return .null
        case 1: return .int(Int64(dice.roll(3)))
        case 2: return .string(["", "c", "Update", "FieldsV1"][dice.roll(4)])
        case 3: return .double(1.5)
        case 4: return .bool(true)
        case 5, 6: return .array((0..<dice.roll(4)).map { _ in garbage(&dice, depth: depth + 1) })
        default: return .object(Dictionary(dice.some(keys).map { ($0, garbage(&dice, depth: depth + 1)) }) { $1 })
        }
    }

    @Test func garbageHurtsNobody() {
        var dice = Dice(state: 42)
        for _ in 0..<5000 {
            let (one, two) = (Self.garbage(&dice, depth: 0), Self.garbage(&dice, depth: 0))
            var config = two
            if two.object != nil { config["apiVersion"] = "batch/v1" }
            _ = try? Apply.apply(config, to: one, type: "Job", manager: "m", force: true, time: seconds(0))
            _ = ManagedFields.updated(old: one, new: two, type: "Job", apiVersion: "batch/v1", manager: "", subresource: nil, time: seconds(0))
            _ = ApplyMerge.merge(one, two, .structure("Job"))
            _ = FieldSet(of: one, type: "Job")
        }
    }
}
