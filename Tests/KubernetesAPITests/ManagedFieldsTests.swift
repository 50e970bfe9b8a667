import BatchAPI
import Testing

@testable import KubernetesAPI

private func json(_ text: String) throws -> Value { try Value.parse(json: Array(text.utf8)) }
private func seconds(_ number: Int64) -> Timestamp { Timestamp(milliseconds: 1_700_000_000_000 + number * 1000) }

/// Whose fields are whose after plain writes.
struct ManagedFieldsTests {
    private static let created: Value = [
        "metadata": ["name": "j", "uid": "u"], "spec": ["parallelism": 1, "suspend": false, "template": ["spec": [:]]],
    ]

    private func write(_ new: Value, over old: Value?, by manager: String = "a", subresource: String? = nil, at time: Int64 = 0) -> Value {
        var result = new
        let list = ManagedFields.updated(
            old: old, new: new, type: "Job", apiVersion: "batch/v1", manager: manager, subresource: subresource, time: seconds(time))
        result["metadata"]?["managedFields"] = list.isEmpty ? nil : .array(list)
        return result
    }

    private func changed(_ object: Value, _ change: (inout Value) throws -> Void) rethrows -> Value {
        var result = object
        try change(&result)
        return result
    }

    private func fields(_ object: Value, _ manager: String) throws -> String? {
        ManagedFields.entries(of: object).values.first { $0["manager"]?.string == manager }?["fieldsV1"]?.encoded()
    }

    @Test func whatCreatingOwns() throws {
        let job = write(Self.created, over: nil)
        #expect(job["metadata"]?["managedFields"]?.array?.count == 1)
        let entry = try #require(job["metadata"]?["managedFields"]?.array?.first)
        #expect(entry["operation"] == "Update" && entry["apiVersion"] == "batch/v1" && entry["fieldsType"] == "FieldsV1")
        #expect(entry["time"] == "2023-11-14T22:13:20Z" && entry["subresource"] == nil)
        #expect(try fields(job, "a") == #"{"f:spec":{"f:parallelism":{},"f:suspend":{}}}"#)
    }

    @Test func aChangeMovesTheField() throws {
        let job = write(Self.created, over: nil)
        let edited = write(changed(job) { $0["spec"]?["parallelism"] = 2 }, over: job, by: "b", at: 5)
        #expect(try fields(edited, "a") == #"{"f:spec":{"f:suspend":{}}}"#)
        #expect(try fields(edited, "b") == #"{"f:spec":{"f:parallelism":{}}}"#)
        // The loser's time stays; entries stand by time.
        #expect(edited.at("metadata.managedFields.0.time") == "2023-11-14T22:13:20Z")
        #expect(edited.at("metadata.managedFields.1.time") == "2023-11-14T22:13:25Z")
    }

    @Test func whoOwnsNothingAnyMoreVanishes() throws {
        let job = write(Self.created, over: nil)
        let edited = write(changed(job) { $0["spec"] = ["parallelism": 2, "suspend": true, "template": ["spec": [:]]] }, over: job, by: "b")
        #expect(try fields(edited, "a") == nil)
        let bare = write(changed(edited) { $0["spec"] = ["template": ["spec": [:]]] }, over: edited, by: "b")
        #expect(bare["metadata"]?["managedFields"] == nil)
    }

    @Test func aWriteWithoutChangeLeavesAll() throws {
        let job = write(Self.created, over: nil)
        #expect(write(job, over: job, by: "b", at: 9) == job)
        #expect(write(Self.created, over: job, by: "b", at: 9) == job)
        // Giving something up is no reason for a new time.
        let less = write(changed(job) { $0["spec"]?["suspend"] = nil }, over: job, at: 9)
        #expect(less.at("metadata.managedFields.0.time") == "2023-11-14T22:13:20Z")
    }

    @Test func statusBelongsToItsSubresource() throws {
        let job = write(Self.created, over: nil)
        var mixed = job
        mixed["status"] = ["active": 1, "conditions": [["type": "A"]]]
        mixed["spec"]?["parallelism"] = 7
        let status = write(mixed, over: changed(job) { $0["status"] = [:] }, by: "c", subresource: "status", at: 1)
        #expect(try fields(status, "c") == #"{"f:status":{"f:active":{},"f:conditions":{}}}"#)
        #expect(status.at("metadata.managedFields.1.subresource") == "status")
        #expect(try fields(status, "a") == #"{"f:spec":{"f:parallelism":{},"f:suspend":{}}}"#)
        #expect(try fields(write(mixed, over: job, by: "d"), "d") == #"{"f:spec":{"f:parallelism":{}}}"#)
        // The same manager by another way is another owner.
        #expect(write(mixed, over: job, by: "a", subresource: "status")["metadata"]?["managedFields"]?.array?.count == 2)
    }

    @Test func listsMapsAndSets() throws {
        let old = write(Self.created, over: nil)
        let new = try json(
            #"""
            {"metadata":{"uid":"u","finalizers":["x/y"],"labels":{"a":"1"}},"spec":{"parallelism":1,"suspend":false,"template":{"spec":{
            "nodeSelector":{"a":"b"},"tolerations":[{"key":"k"}],"volumes":[],"containers":[{"name":"c","args":["x"],
            "ports":[{"containerPort":80},{"containerPort":80,"protocol":"UDP"}],"env":[{"name":"E","value":"1"}]}]}}}}
            """#)
        let expected = try json(
            #"""
            {"f:metadata":{"f:finalizers":{".":{},"v:\"x/y\"":{}},"f:labels":{".":{},"f:a":{}}},"f:spec":{"f:template":{"f:spec":{
            "f:nodeSelector":{},"f:tolerations":{},"f:volumes":{},"f:containers":{".":{},"k:{\"name\":\"c\"}":{".":{},"f:args":{},"f:name":{},
            "f:env":{".":{},"k:{\"name\":\"E\"}":{".":{},"f:name":{},"f:value":{}}},
            "f:ports":{".":{},"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}},
            "k:{\"containerPort\":80,\"protocol\":\"UDP\"}":{".":{},"f:containerPort":{},"f:protocol":{}}}}}}}}}
            """#)
        #expect(try fields(write(new, over: old, by: "b"), "b") == expected.encoded())
    }

    @Test(arguments: [#"[]"#, #"[{}]"#])
    func beginningAnew(list: String) throws {
        let job = write(Self.created, over: nil)
        let reset = try write(changed(job) { $0["metadata"]?["managedFields"] = try json(list) }, over: job)
        #expect(reset["metadata"]?["managedFields"] == nil)
        // From then on nothing is tracked, until something is applied.
        #expect(write(changed(reset) { $0["spec"]?["parallelism"] = 9 }, over: reset)["metadata"]?["managedFields"] == nil)
        // Through a subresource nothing can be reset.
        let kept = try write(changed(job) { $0["metadata"]?["managedFields"] = try json(list) }, over: job, subresource: "status")
        #expect(kept == job)
    }

    /// As `kubectl apply --server-side` does once, by a JSON patch.
    @Test func entriesThatTheClientSends() throws {
        let job = write(Self.created, over: nil, by: "kubectl-client-side-apply")
        let list: Value = [[
            "manager": "kubectl", "operation": "Apply", "apiVersion": "batch/v1", "fieldsType": "FieldsV1",
            "fieldsV1": ["f:spec": ["f:suspend": [:]]],
        ]]
        #expect(write(changed(job) { $0["metadata"]?["managedFields"] = list }, over: job, by: "x")["metadata"]?["managedFields"] == list)
    }

    @Test(arguments: [
        #"[3]"#, #"[{"manager":"x"}]"#, #"[{"operation":"Update","apiVersion":"v1"}]"#, #"{"a":1}"#, #"null"#,
        #"[{"operation":"Apply","apiVersion":"","fieldsType":"FieldsV1"}]"#,
        #"[{"operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"spec":{}}}]"#,
        #"[{"operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"k:{":{}}}]"#,
        #"[{"operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:a":3}}]"#,
    ])
    func garbageIsPassedOver(list: String) throws {
        let job = write(Self.created, over: nil)
        let garbled = try changed(job) { $0["metadata"]?["managedFields"] = try json(list) }
        #expect(write(garbled, over: job) == job)
        #expect(write(Self.created, over: garbled)["metadata"]?["managedFields"] == nil)
        let config: Value = ["apiVersion": "batch/v1", "spec": ["parallelism": 1]]
        let applied = try Apply.apply(config, to: garbled, type: "Job", manager: "m", force: false, time: seconds(0))
        #expect(ManagedFields.entries(of: applied).values.compactMap { $0["manager"]?.string } == ["m", "before-first-apply"])
    }

    @Test func atMostTenWriters() throws {
        var job = write(Self.created, over: nil, by: "w0", at: 0)
        for number in 1...13 {
            var labels = job.at("metadata.labels") ?? [:]
            labels["l\(number)"] = "x"
            job = write(changed(job) { $0["metadata"]?["labels"] = labels }, over: job, by: "w\(number)", at: Int64(number))
        }
        let entries = ManagedFields.entries(of: job).values
        #expect(entries.compactMap { $0["manager"]?.string } == ["ancient-changes"] + (5...13).map { "w\($0)" })
        #expect(entries[0]["fieldsV1"]?["f:spec"]?["f:suspend"] == [:] && entries[0]["fieldsV1"]?["f:metadata"]?["f:labels"]?["f:l4"] == [:])
        #expect(entries[0]["time"]?.string == seconds(4).rfc3339)
    }

    @Test func whoWrites() {
        #expect(FieldManager.name(query: "me", userAgent: "kubectl/v1") == "me")
        #expect(FieldManager.name(query: "", userAgent: "python-requests/2.32") == "python-requests")
        #expect(FieldManager.name(query: nil, userAgent: "a\u{7}b\u{301} c/d/e") == "ab\u{301} c")
        #expect(FieldManager.name(query: nil, userAgent: String(repeating: "é", count: 99)).utf8.count == 128)
        #expect(FieldManager.name(query: nil, userAgent: nil) == "unknown" && FieldManager.name(query: nil, userAgent: "/x") == "unknown")
        #expect(FieldManager.errors("fine name").isEmpty && FieldManager.errors(nil).isEmpty)
        let long = FieldManager.errors(String(repeating: "x", count: 129)).map(\.description)
        #expect(long == ["fieldManager: Too long: may not be more than 128 bytes"])
        #expect(FieldManager.errors("é\n").first?.message.hasSuffix("invalid character U+000A (at position 2)") == true)
        #expect(
            FieldManager.patchErrors("", force: nil, isApply: true).map(\.description)
                == ["fieldManager: Required value: is required for apply patch"])
        #expect(
            FieldManager.patchErrors("x", force: "true", isApply: false).map(\.description)
                == ["force: Forbidden: may not be specified for non-apply patch"])
    }
}

/// Against what a real Kubernetes 1.36.2 wrote.
struct RecordedOwnersTests {
    private func load(_ name: String) throws -> (object: Value, recorded: [Value]) {
        let entry = try #require(Fixtures.load("managed/created")[name])
        return (try #require(entry["object"]), try #require(entry["managedFields"]?.array))
    }

    private func created(_ object: Value, type: String, apiVersion: String, _ recorded: [Value]) throws -> [Value] {
        let time = try #require(recorded[0]["time"]?.string.flatMap { Timestamp(rfc3339: $0) })
        return ManagedFields.updated(
            old: nil, new: object, type: type, apiVersion: apiVersion, manager: recorded[0]["manager"]?.string ?? "", subresource: nil, time: time)
    }

    @Test(arguments: [
        "deadline", "failed", "full-template", "generate", "indexed", "indexed-blpi", "managedby", "manual-selector", "minimal", "onfailure",
        "pfp", "pi", "success-policy", "suspended", "workqueue",
    ])
    func postedJob(name: String) throws {
        let (posted, recorded) = try load(name)
        #expect(try created(WrittenJob.value(of: posted), type: "Job", apiVersion: "batch/v1", recorded) == recorded)
    }

    @Test func postedPodAndCronJob() throws {
        let pod = try load("pod")
        var defaulted = BarePodDefaults.apply(to: pod.object, uid: "u", now: Timestamp(milliseconds: 0))
        // A default of a cluster's alone.
        defaulted["spec"]?["enableServiceLinks"] = true
        #expect(try created(defaulted, type: "Pod", apiVersion: "v1", pod.recorded) == pod.recorded)
        let cronJob = try load("cronjob")
        #expect(try created(cronJob.object, type: "CronJob", apiVersion: "batch/v1", cronJob.recorded) == cronJob.recorded)
    }

    @Test func statusOfAJob() throws {
        let (job, recorded) = try load("status")
        try checkStatus(job, earlier: [:], recorded, type: "Job", apiVersion: "batch/v1")
    }

    /// The controller makes it and takes its finalizer off; others fill in the rest; a node reports.
    @Test func podOfAJob() throws {
        let (pod, recorded) = try load("job-pod")
        var made = pod
        let late = ["volumes", "serviceAccount", "serviceAccountName", "nodeName", "tolerations", "priority", "preemptionPolicy"]
        for key in late { made["spec"]?[key] = nil }
        made["spec"]?["containers"] = .array((pod.at("spec.containers")?.array ?? []).map { container in
            var container = container
            container["volumeMounts"] = nil
            return container
        })
        made["status"] = [:]
        made["metadata"]?["finalizers"] = ["batch.kubernetes.io/job-tracking"]
        let first = try created(made, type: "Pod", apiVersion: "v1", recorded)
        made["metadata"]?["managedFields"] = .array(first)
        var freed = made
        freed["metadata"]?["finalizers"] = nil
        let second = ManagedFields.updated(
            old: made, new: freed, type: "Pod", apiVersion: "v1", manager: "kube-controller-manager", subresource: nil,
            time: Timestamp(milliseconds: 0))
        #expect(first != second && second == [recorded[0]])
        let scheduled = try #require(pod.at("status.conditions.4"))
        let pending: Value = ["phase": "Pending", "qosClass": "BestEffort", "conditions": [scheduled]]
        try checkStatus(pod, earlier: pending, recorded, type: "Pod", apiVersion: "v1")
    }

    private func checkStatus(_ object: Value, earlier: Value, _ recorded: [Value], type: String, apiVersion: String) throws {
        var before = object
        before["status"] = earlier
        before["metadata"]?["managedFields"] = [recorded[0]]
        let time = try #require(recorded[1]["time"]?.string.flatMap { Timestamp(rfc3339: $0) })
        let entries = ManagedFields.updated(
            old: before, new: object, type: type, apiVersion: apiVersion, manager: recorded[1]["manager"]?.string ?? "", subresource: "status",
            time: time)
        #expect(entries == recorded)
    }
}

struct FieldSetTests {
    private func set(_ text: String) throws -> FieldSet { try #require(FieldSet(fieldsV1: json(text))) }

    @Test func algebra() throws {
        let left = try set(#"{"f:a":{".":{},"f:b":{},"f:c":{}},"f:d":{}}"#), right = try set(#"{"f:a":{"f:b":{}},"f:d":{"f:e":{}}}"#)
        #expect(left.union(right) == (try set(#"{"f:a":{".":{},"f:b":{},"f:c":{}},"f:d":{".":{},"f:e":{}}}"#)))
        #expect(left.intersection(right) == (try set(#"{"f:a":{"f:b":{}}}"#)))
        #expect(left.difference(right) == (try set(#"{"f:a":{".":{},"f:c":{}},"f:d":{}}"#)))
        #expect(right.difference(left) == (try set(#"{"f:d":{"f:e":{}}}"#)))
        #expect(right.excluding(left).isEmpty)
        #expect(left.contains([.field("a"), .field("b")]) && !right.contains([.field("a")]) && !left.contains([.field("x")]))
        #expect(left.difference(left).isEmpty && FieldSet().isEmpty && FieldSet().fieldsV1 == [:])
    }

    @Test func pathsAndTheirText() throws {
        let fields = try set(
            #"{"f:b":{"f:z":{},"i:1":{}},"f:a":{},"f:l":{"k:{\"protocol\":\"TCP\",\"containerPort\":80.0}":{".":{},"f:x":{}},"v:\"q\"":{}}}"#)
        #expect(fields.paths.map(\.text) == [
            ".a", ".b.z", ".b[1]", #".l[containerPort=80,protocol="TCP"]"#, #".l[="q"]"#, #".l[containerPort=80,protocol="TCP"].x"#,
        ])
        #expect(FieldSet(paths: fields.paths) == fields)
        #expect(fields.fieldsV1["f:l"]?[#"k:{"containerPort":80,"protocol":"TCP"}"#] == [".": [:], "f:x": [:]])
    }

    @Test func whatCannotBeRead() throws {
        for text in [#"3"#, #"{"f":{}}"#, #"{"a:":{"f:x":[]},"fx":{}}"#, #"{"k:[]":{}}"#, #"{"v:":{}}"#, #"{"i:x":{}}"#, #"{"f:a":{"f:b":null}}"#] {
            #expect(FieldSet(fieldsV1: try json(text)) == nil, "\(text)")
        }
        // Kinds that a later version may know.
        #expect(try set(#"{"x:later":3,"f:a":{"z:":{}}}"#) == (try set(#"{"f:a":{}}"#)))
    }
}
