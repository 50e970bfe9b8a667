import BatchAPI
import Foundation
import Simulation

@testable import KubernetesAPI

/// Makes requests: most of them nearly right, some broken in one place, a few nonsense.
struct RequestMaker {
    var random: SplitMix
    private var mutator = ValueMutator()
    /// Names of objects that are there, by resource.
    var known: [String: [String]] = [:]
    /// Bodies of every kind, by kind.
    private let corpus: [String: [Value]]
    private let binaries: [[UInt8]]

    init(seed: UInt64) throws {
        random = SplitMix(state: seed)
        let recorded = try Fixtures.load("protobuf-bodies").array ?? [], full = try Fixtures.load("protobuf-every-field").array ?? []
        binaries = (recorded + full).compactMap { $0["body"]?.string.flatMap { Data(base64Encoded: $0) }.map { Array($0) } }
        var objects = (recorded + full).compactMap { $0["object"] }
        objects += try ["failed", "indexed", "pi", "workqueue"].map { try Fixtures.load("pods/\($0)") }
        objects += try Self.texts.map { try Value.parse(json: Array($0.utf8)) }
        corpus = Dictionary(grouping: objects) { $0["kind"]?.string ?? "" }
    }

    private static let texts = [
        World.manifest("a"), World.manifest("b", spec: "\"completionMode\": \"Indexed\", \"completions\": 5, \"parallelism\": 2,"),
        World.manifest("c", spec: "\"suspend\": true, \"ttlSecondsAfterFinished\": 1, \"activeDeadlineSeconds\": 1,", metadata: "\"generateName\": \"g-\","),
        "{\"kind\": \"DeleteOptions\", \"propagationPolicy\": \"Foreground\", \"gracePeriodSeconds\": 0, \"preconditions\": {\"uid\": \"u\"}}",
        "{\"apiVersion\": \"v1\", \"kind\": \"Binding\", \"metadata\": {\"name\": \"a\"}, \"target\": {\"kind\": \"Node\", \"name\": \"node-1\"}}",
        "{\"apiVersion\": \"policy/v1\", \"kind\": \"Eviction\", \"metadata\": {\"name\": \"a\"}, \"deleteOptions\": {}}",
        "{\"apiVersion\": \"v1\", \"kind\": \"PersistentVolumeClaim\", \"metadata\": {\"name\": \"a\"}, \"spec\": {\"accessModes\": [\"ReadWriteOnce\"]}}",
        "{\"apiVersion\": \"v1\", \"kind\": \"Node\", \"metadata\": {\"name\": \"node-1\"}, \"spec\": {\"unschedulable\": false}}",
    ]

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[Int.random(in: elements.indices, using: &random)] }

    /// The next request.
    mutating func request() -> APIRequest {
        let kind = chance(45) ? Catalog.jobs : chance(45) ? Catalog.pods : pick(Catalog.all), method = self.method()
        var target = path(kind, method)
        if chance(60) { target += "?" + query() }
        if chance(5) { target = broken(target) }
        let type = contentType(method)
        return APIRequest(method, target, accept: accept(), contentType: type, userAgent: "fuzz", body: body(kind, method, type))
    }

    private mutating func method() -> APIRequest.Method? {
        chance(2) ? nil : pick([.get, .get, .get, .post, .post, .post, .put, .patch, .patch, .patch, .patch, .delete])
    }

    private static let names = ["a", "b", "c", "pi", "copy", "conf", "sec", "node-1", "g-abcde", "A", "", "x.y", "a-0-abcde", "a/b"]

    private mutating func path(_ kind: ResourceKind, _ method: APIRequest.Method?) -> String {
        if chance(4) { return pick(["/", "/api", "/apis", "/version", "/healthz", "/metrics", "/openapi/v3", "/openapi/v2", "/api/v1", "/apis/batch", "/x"]) }
        var path = kind.group.isEmpty ? "/api/v1" : "/apis/\(kind.group)/v1"
        if kind.isNamespaced, chance(95) { path += "/namespaces/\(chance(85) ? "default" : pick(["team", "none"]))" }
        path += "/" + kind.name
        guard chance(method == .post ? 20 : 85) else { return path }
        path += "/" + name(kind, 85)
        return chance(20) ? path + "/" + pick(["status", "log", "binding", "eviction", "exec", "scale", "", "status/x"]) : path
    }

    /// One of an object that is there, so often.
    private mutating func name(_ kind: ResourceKind, _ percent: Int) -> String {
        let names = known[kind.name] ?? []
        return pick(names.isEmpty || !chance(percent) ? Self.names : names)
    }

    private static let parameters = [
        "labelSelector", "fieldSelector", "limit", "continue", "resourceVersion", "resourceVersionMatch", "watch", "allowWatchBookmarks",
        "sendInitialEvents", "timeoutSeconds", "dryRun", "fieldManager", "fieldValidation", "force", "includeObject", "propagationPolicy",
        "gracePeriodSeconds", "orphanDependents", "follow", "previous", "tailLines", "limitBytes", "sinceSeconds", "sinceTime", "container",
        "timestamps", "pretty", "hash",
    ]

    private mutating func query() -> String {
        (0..<Int.random(in: 1...4, using: &random)).map { _ in
            let name = pick(Self.parameters)
            let value = name.hasSuffix("Selector") ? selector() : pick(Self.values)
            return chance(90) ? "\(name)=\(escaped(value))" : name
        }.joined(separator: "&")
    }

    private static let values = [
        "", "true", "false", "1", "0", "-1", "500", "99999999999999999999", "9223372036854775807", "-9223372036854775808", "1.5", "x", "All",
        "Strict", "Warn", "Ignore", "Foreground", "Orphan", "Background", "NotOlderThan", "Exact", "Object", "None", "me", "kubectl",
        "2026-11-23T10:00:00Z", "9999-12-31T23:59:59Z", "0000-00-00T00:00:00Z", "c", "ab12", "312f642f61", "31", "\u{0}", "é\u{301}💥", "\"'<>&%",
    ]

    private mutating func selector() -> String {
        let words = ["a", "job-name", "batch.kubernetes.io/job-name", "metadata.name", "status.phase", "status.successful", "spec.nodeName", "=", "==", "!=",
            "in", "notin", "(", ")", ",", "!", "x", "Running", "1", " ", "\u{0}", "é", ">", "<", "\\", "-"]
        if chance(40) { return pick(["a=b", "a in (b,c),!d", "metadata.name=a", "status.phase!=Running", "status.successful=1", "type=x", "a notin (x)"]) }
        return (0..<Int.random(in: 0...12, using: &random)).map { _ in pick(words) }.joined()
    }

    private mutating func escaped(_ text: String) -> String {
        if chance(10) { return text.replacingOccurrences(of: "&", with: "%").replacingOccurrences(of: "?", with: "%zz") }
        return text.utf8.map { ($0 < 128 && (Character(Unicode.Scalar($0)).isLetter || Character(Unicode.Scalar($0)).isNumber)) ? String(Unicode.Scalar($0)) : "%" + (($0 < 16 ? "0" : "") + String($0, radix: 16)) }.joined()
    }

    private mutating func broken(_ text: String) -> String {
        if chance(5) { return text + String(repeating: pick(["/", "a", "%", "é", "?a=1&"]), count: 20_000) }
        return String(decoding: random.changed(Array(text.utf8)), as: UTF8.self)
    }

    private mutating func accept() -> String {
        pick([
            "", "", "application/json", "*/*", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json", "application/yaml", "text/html",
            "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io", "application/vnd.kubernetes.protobuf, */*", ";;,,=;q=\u{0}",
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
        ])
    }

    private static let patchTypes = [
        "application/merge-patch+json", "application/strategic-merge-patch+json", "application/json-patch+json", "application/apply-patch+yaml",
    ]

    private mutating func contentType(_ method: APIRequest.Method?) -> String {
        if chance(4) { return pick(["text/plain", "application/x", "", ";", "application/json; charset=\u{FF}"]) }
        if method == .patch { return pick(Self.patchTypes) }
        return pick(["application/json", "application/json", "application/json", "application/yaml", "application/vnd.kubernetes.protobuf"])
    }

    private mutating func body(_ kind: ResourceKind, _ method: APIRequest.Method?, _ type: String) -> [UInt8] {
        if method == nil || method == .get, chance(95) { return [] }
        if type == "application/vnd.kubernetes.protobuf" {
            let body = pick(binaries)
            return chance(20) ? body : random.changed(body)
        }
        var bytes = type == "application/json-patch+json" ? jsonPatch().encodedBytes : value(kind, method, type).encodedBytes
        if type.hasSuffix("yaml"), chance(15) { bytes = Array(pick(Self.yaml).utf8) }
        if chance(8) { bytes = random.changed(bytes) }
        if chance(2) { bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))) }
        return bytes
    }

    private static let yaml = [
        "a: &x [*x]", "a: &a [1]\nb: *a", "- 1\n- 2", "--- \n---\n", "{", "a: !!binary x", "? [a]\n: b", "kind: Job\nkind: Job", "<<: {a: 1}", "\t", "a: 1e999",
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}",
    ]

    private mutating func value(_ kind: ResourceKind, _ method: APIRequest.Method?, _ type: String) -> Value {
        if method == .delete, chance(50) { return mutated(corpus["DeleteOptions"]![0]) }
        let kinds = corpus.keys.sorted()
        var value = pick(corpus[kind.kind] ?? corpus[chance(80) ? "Job" : pick(kinds)]!)
        if method == .post, chance(50) { value["metadata"] = ["generateName": "g-"] } else if chance(60) { value["metadata"]?["name"] = .string(name(kind, 70)) }
        if chance(30) { value["metadata"]?["namespace"] = nil }
        if method == .patch, chance(70) { value = part(of: value, depth: 4) }
        return chance(40) ? value : mutated(value)
    }

    private mutating func mutated(_ value: Value) -> Value {
        var value = value
        for _ in 0..<Int.random(in: 1...3, using: &random) { value = mutator.mutate(value, &random) }
        return value
    }

    /// Some of an object's members, as patches name them.
    private mutating func part(of value: Value, depth: Int) -> Value {
        guard let members = value.object, depth > 0 else { return value }
        var part: [String: Value] = [:]
        for key in members.keys.sorted() where chance(40) { part[key] = chance(10) ? .null : self.part(of: members[key]!, depth: depth - 1) }
        if chance(10) { part[pick(["$patch", "$retainKeys", "$setElementOrder/containers", "$deleteFromPrimitiveList/finalizers"])] = pick(["delete", "replace", "merge", .null, [["name": "c"]], ["a"], 1]) }
        return .object(part)
    }

    private mutating func jsonPatch() -> Value {
        let paths = ["/spec/parallelism", "/metadata/labels", "/metadata/labels/a~1b", "/spec/template/spec/containers/0", "/spec/template/spec/containers/-",
            "/spec/template/spec/containers/99999999999999999999", "", "/", "x", "/a/b/c", "/~2", "/status/succeeded", "/metadata/annotations/a", "/metadata/finalizers/0"]
        return .array(
            (0..<Int.random(in: 0...4, using: &random)).map { _ in
                var step: Value = ["op": .string(pick(["add", "remove", "replace", "move", "copy", "test", "x"])), "path": .string(pick(paths))]
                if chance(80) { step["value"] = mutator.leaf(&random) }
                if chance(50) { step["from"] = .string(pick(paths)) }
                return chance(5) ? mutator.leaf(&random) : step
            })
    }
}
