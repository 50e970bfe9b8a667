import BatchAPI
import Testing

@testable import KubernetesAPI

/// The OpenAPI documents against those of a real Kubernetes 1.36.2, whose fixtures have no descriptions.
struct OpenAPITests {
    private static let kinds = [
        "Job", "Pod", "ConfigMap", "Secret", "Namespace", "Node", "Event", "ServiceAccount", "PersistentVolumeClaim",
    ]
    private static let others = ["Binding", "Eviction", "DeleteOptions", "Status", "WatchEvent", "Patch", "APIResourceList"]

    /// Nothing differs yet; a schema that shall differ is named here with its cause.
    private static let exceptions: [String: String] = [:]

    @Test func schemasAreKubernetes() throws {
        let recorded = try #require(try Fixtures.load("openapi/schemas").object)
        let own = OpenAPISchema.reachable(from: Set(Self.kinds + Self.kinds.map { "\($0)List" } + Self.others), groups: [""])
        #expect(Set(own.keys) == Set(recorded.keys))
        for (name, schema) in own.sorted(by: { $0.key < $1.key }) where Self.exceptions[name] == nil {
            #expect(withoutTexts(schema) == recorded[name], "\(name)")
        }
    }

    /// No recording of these groups: what they must hold at least.
    @Test(arguments: [
        ("Lease", "io.k8s.api.coordination.v1.Lease", "coordination.k8s.io"), ("events.Event", "io.k8s.api.events.v1.Event", "events.k8s.io"),
        ("SelfSubjectAccessReview", "io.k8s.api.authorization.v1.SelfSubjectAccessReview", "authorization.k8s.io"),
        ("SelfSubjectReview", "io.k8s.api.authentication.v1.SelfSubjectReview", "authentication.k8s.io"),
    ])
    func otherGroups(type: String, name: String, group: String) throws {
        let own = OpenAPISchema.reachable(from: [type], groups: [group])
        let kind = try #require(own[name]?["x-kubernetes-group-version-kind"]?.array)
        #expect(kind == [["group": .string(group), "version": "v1", "kind": .string(String(type.split(separator: ".").last ?? ""))]])
        for reference in own.values.flatMap(references) { #expect(own[reference] != nil, "\(reference) is missing") }
    }

    /// Each request that is served is one of Kubernetes', with parameters of Kubernetes'.
    @Test func pathsAreKubernetes() throws {
        let recorded = try Fixtures.load("openapi/paths")
        for group in ["", "batch"] {
            let paths = OpenAPIPaths.paths(group: group, kinds: Catalog.kinds(group: group)).object ?? [:]
            for (path, item) in paths where !path.hasSuffix("/v1/") {
                for (method, operation) in item.object ?? [:] where method != "parameters" {
                    let theirs = try #require(recorded[path]?[method], "\(method) \(path)")
                    #expect(operation["x-kubernetes-action"] == theirs["action"])
                    #expect(operation["x-kubernetes-group-version-kind"] == theirs["gvk"])
                    let names = ((item["parameters"]?.array ?? []) + (operation["parameters"]?.array ?? [])).compactMap { $0["name"]?.string }
                    #expect(Set(names).isSubset(of: theirs["parameters"]?.strings ?? []), "\(method) \(path)")
                }
            }
        }
    }

    /// Without it kubectl checks manifests by itself.
    @Test func writesTakeFieldValidation() throws {
        for kind in Catalog.all where kind.verbs.contains("patch") {
            let paths = OpenAPIPaths.paths(group: kind.group, kinds: [kind]).object ?? [:]
            let patch = try #require(paths.values.compactMap { $0["patch"] }.first)
            let names = patch["parameters"]?.array?.compactMap { $0["name"]?.string }
            #expect(names == ["dryRun", "fieldManager", "fieldValidation", "force"])
        }
    }

    /// A text about a field that does not exist would never be read.
    @Test func textsSpeakOfFields() {
        for key in OpenAPITexts.keys {
            let isEvents = key.hasPrefix("events.")
            let parts = (isEvents ? key.dropFirst(7) : key[...]).split(separator: ".").map { String($0) }
            let type = (isEvents ? "events." : "") + parts[0]
            #expect(OpenAPISchema(type) != nil, "\(key)")
            if parts.count > 1 { #expect(Schema.fields(of: type)?[parts[1]] != nil, "\(key)") }
        }
    }

    /// What people write and read most is explained to the last field.
    @Test(arguments: [
        "Job", "JobSpec", "JobStatus", "JobCondition", "PodFailurePolicy", "PodFailurePolicyRule", "PodFailurePolicyOnExitCodesRequirement",
        "PodFailurePolicyOnPodConditionsPattern", "SuccessPolicy", "SuccessPolicyRule", "PodTemplateSpec", "PodSpec", "Container", "ObjectMeta",
        "EnvVar", "EnvVarSource", "ResourceRequirements", "VolumeMount", "ContainerPort", "SecurityContext", "Probe", "Lifecycle", "OwnerReference",
        "LabelSelector",
    ])
    func everyFieldIsExplained(type: String) throws {
        #expect(OpenAPITexts.text(type) != nil)
        for field in try #require(Schema.fields(of: type)).keys.sorted() { #expect(OpenAPITexts.text(type, field) != nil, "\(type).\(field)") }
    }

    private func withoutTexts(_ value: Value) -> Value {
        switch value {
        case .array(let elements): return .array(elements.map(withoutTexts))
        case .object(var members):
            // A field may be called description; none is.
            members["description"] = nil
            return .object(members.mapValues(withoutTexts))
        default: return value
        }
    }

    private func references(_ value: Value) -> [String] {
        if let text = value["$ref"]?.string { return [String(text.split(separator: "/").last ?? "")] }
        return (value.array ?? value.object.map { Array($0.values) } ?? []).flatMap(references)
    }
}

/// How the documents are fetched.
struct OpenAPIAnswerTests {
    @Test func indexNamesEachGroup() throws {
        guard case .index(let bytes, _) = OpenAPI.answer(path: [], query: nil) else { return #expect(Bool(false), "no index") }
        let paths = try #require(try Value.parse(json: bytes)["paths"]?.object)
        #expect(Set(paths.keys) == Set(["api/v1"] + Catalog.groups.map { "apis/\($0)/v1" }))
        for (name, entry) in paths {
            let address = try #require(entry["serverRelativeURL"]?.string).split(separator: "=")
            #expect(address[0] == "/openapi/v3/\(name)?hash")
            let document = try #require(OpenAPI.documents[name])
            let path = name.split(separator: "/").map { String($0) }
            #expect(OpenAPI.answer(path: path, query: String(address[1])) == .document(document.bytes, etag: document.hash, isPinned: true))
        }
    }

    @Test func aWrongHashLeadsToTheRightOne() throws {
        let document = try #require(OpenAPI.documents["apis/batch/v1"])
        #expect(OpenAPI.answer(path: ["apis", "batch", "v1"], query: "x") == .moved(to: "/openapi/v3/apis/batch/v1?hash=\(document.hash)"))
        #expect(OpenAPI.answer(path: ["apis", "batch", "v1"], query: nil) == .document(document.bytes, etag: document.hash, isPinned: false))
        #expect(OpenAPI.answer(path: ["apis", "batch", "v2"], query: nil) == .notFound)
    }

    @Test func theHashIsThatOfTheContent() {
        #expect(OpenAPIDocument([]).hash == "CBF29CE484222325")
        #expect(OpenAPIDocument(Array("foobar".utf8)).hash == "85944171F73967E8")
    }

    /// Every reference of the documents leads somewhere, else clients refuse them as a whole.
    @Test func documentsAreClosed() throws {
        for document in OpenAPI.documents.values {
            let value = try Value.parse(json: document.bytes)
            let schemas = try #require(value.at("components.schemas")?.object)
            for name in names(value) { #expect(schemas[name] != nil, "\(name)") }
        }
    }

    private func names(_ value: Value) -> [String] {
        if let text = value["$ref"]?.string { return [String(text.split(separator: "/").last ?? "")] }
        return (value.array ?? value.object.map { Array($0.values) } ?? []).flatMap(names)
    }

    /// swagger: "2.0" comes first; varints of more than one byte are written low bits first.
    @Test func protobuf() {
        #expect(OpenAPI.v2.bytes.starts(with: [0x0A, 3] + Array("2.0".utf8)))
        #expect(ProtobufWriter.bytes { $0.text(31, "x") } == [0xFA, 0x01, 1, UInt8(ascii: "x")])
        #expect(ProtobufWriter.bytes { $0.message(1, [UInt8](repeating: 0, count: 300)) }.prefix(3) == [0x0A, 0xAC, 0x02])
    }
}

struct HTTPDateTests {
    @Test func dates() throws {
        #expect(HTTPDate.text(Timestamp(milliseconds: 0)) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(HTTPDate.text(try #require(Timestamp(rfc3339: "1994-11-06T08:49:37Z"))) == "Sun, 06 Nov 1994 08:49:37 GMT")
    }
}
