import BatchAPI
import Broker
import Testing

@testable import KubernetesAPI

struct JobTests {
    private let jobs = "/apis/batch/v1/namespaces/default/jobs"

    @Test func createdAndRead() async throws {
        let world = World { $0.settings = LedgerSettings(yieldsPlace: true) }
        let created = try await world.send(.post, jobs, World.manifest("j"))
        #expect(created.code == 201)
        #expect(created.value.at("metadata.creationTimestamp")?.string == "2026-11-23T10:00:00Z")
        #expect(created.value.at("metadata.resourceVersion")?.string == "1")
        #expect(created.value.at("spec.backoffLimit")?.int == 6)
        #expect(created.value["status"] == .object([:]))
        let uid = try #require(created.value.at("metadata.uid")?.string)
        #expect(uid.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        #expect(world.broker.state.withLock { $0.settings[uid]?.yieldsPlace } == true)
        #expect(try await world.send(.get, "\(jobs)/j").value == created.value)
        #expect(try await world.send(.get, "\(jobs)/j/status").value == created.value)
        #expect(try await world.send(.get, "\(jobs)/j/").code == 200)
    }

    @Test func listsAndSelectors() async throws {
        let world = World()
        try await world.send(.post, jobs, World.manifest("a", metadata: #""labels": {"app": "x"},"#))
        try await world.send(.post, jobs, World.manifest("b", metadata: #""labels": {"app": "y", "big": ""},"#))
        try await world.job("c", namespace: "other")
        func names(_ target: String) async throws -> [String] { try await world.send(.get, target).value.names }
        #expect(try await names(jobs) == ["a", "b"])
        #expect(try await names("/apis/batch/v1/jobs?limit=500") == ["a", "b", "c"])
        #expect(try await names("\(jobs)?labelSelector=app%3Dx") == ["a"])
        #expect(try await names("\(jobs)?labelSelector=app+in+(x,y),!big") == ["a"])
        #expect(try await names("\(jobs)?labelSelector=app!%3Dx,big") == ["b"])
        #expect(try await names("\(jobs)?labelSelector=app+notin+(x),big%3D") == ["b"])
        // Whitespace of any kind, and names that no label has.
        #expect(try await names("\(jobs)?labelSelector=%09app%0Ain%20(x,%20y)%20,%20!big%0D") == ["a"])
        for (text, place) in [("%CC%A7=b", "<nil>: Invalid value: \"\u{327}\": name part must"), ("a%20in%20(b,-)", "values[1][a]: Invalid value: \"-\": a valid label")] {
            let refusal = try await world.send(.get, "\(jobs)?labelSelector=\(text)")
            let message = refusal.value["message"]?.string ?? ""
            #expect(refusal.value["code"]?.int == 400 && message.hasPrefix("unable to parse requirement: " + place), "\(message)")
        }
        #expect(try await names("\(jobs)?fieldSelector=metadata.name%3Db") == ["b"])
        #expect(try await names("\(jobs)?fieldSelector=metadata.name!%3Db,status.successful%3D0") == ["a"])
        let list = try await world.send(.get, jobs).value
        #expect(list["kind"]?.string == "JobList" && list.at("items.0.kind") == nil)
        #expect(list.at("metadata.resourceVersion")?.string == "6")
    }

    @Test func tablesAndMetadata() async throws {
        let world = World()
        try await world.job("a")
        let accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json"
        let table = try await world.send(.get, jobs, accept: accept).value
        #expect(table["kind"]?.string == "Table")
        #expect(table.at("rows.0.cells")?.strings.prefix(5) == ["a", "Running", "0/1", "", "0s"])
        #expect(table.at("rows.0.object.kind")?.string == "PartialObjectMetadata")
        let whole = try await world.send(.get, "\(jobs)/a?includeObject=Object", accept: accept).value
        #expect(whole.at("rows.0.object.spec.parallelism")?.int == 1)
        let metadata = try await world.send(.get, jobs, accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io").value
        #expect(metadata["kind"]?.string == "PartialObjectMetadataList" && metadata.at("items.0.metadata.name")?.string == "a")
        #expect(try await world.send(.get, jobs, accept: "text/html").code == 406)
    }

    /// A watch without a version begins with what is there, and ends by itself.
    @Test func watchesBeginWithWhatIsThere() async throws {
        let world = World()
        try await world.job("a")
        let watch = try await world.send(.get, "\(jobs)?watch=true&timeoutSeconds=1")
        #expect(watch.code == 200 && watch.text.hasPrefix("{\"object\":") && watch.text.contains("\"type\":\"ADDED\""))
        #expect(try await world.send(.get, "\(jobs)?watch=true&sendInitialEvents=true").code == 422)
    }

    @Test func generatedNamesAreTriedAgain() async throws {
        let world = World()
        let body = World.manifest("", metadata: #""generateName": "gen-","#)
        for _ in 0..<3 {
            let name = try await world.send(.post, jobs, body).value.objectName
            #expect(name.hasPrefix("gen-") && name.count == 9)
        }
        #expect(try await world.send(.get, jobs).value.names.count == 3)
    }

    @Test func yamlBodies() async throws {
        let world = World()
        let yaml = """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: yaml}
            spec:
              template:
                spec: {restartPolicy: Never, containers: [{name: c, image: i}]}
            """
        #expect(try await world.send(.post, jobs, yaml, type: "application/yaml").code == 201)
        let bad = try await world.send(.post, jobs, "kind: Job\napiVersion: batch/v1\nspec: [", type: "application/yaml")
        #expect(bad.code == 400 && bad.text.contains("body:4"), "\(bad.text)")
        #expect(try await world.send(.post, jobs, "a: &a [*a]", type: "application/yaml").code == 400)
        #expect(try await world.send(.post, jobs, World.manifest("z"), type: "text/plain").code == 415)
        #expect(try await world.send(.post, jobs, World.manifest("z"), type: "").code == 201)
        for body in ["", "[]", "null", "7", "\u{0}", String(repeating: "[", count: 5000), "{\"spec\": 7}", "{\"metadata\": {\"name\": 3}}"] {
            #expect([400, 422].contains(try await world.send(.post, jobs, body).code), "\(body.prefix(20))")
        }
    }

    @Test func unknownFieldsWarn() async throws {
        let world = World()
        let body = World.manifest("w", spec: #""nope": 1, "parallelism": 1, "parallelism": 2,"#)
        let warned = try await world.send(.post, jobs, body)
        #expect(warned.code == 201)
        #expect(warned.warnings.contains(#"299 - "unknown field \"spec.nope\"""#))
        #expect(warned.warnings.contains(#"299 - "duplicate field \"spec.parallelism\"""#))
        #expect(warned.value.at("spec.nope") == nil)
        #expect(try await world.send(.post, "\(jobs)?fieldValidation=Strict", World.manifest("s", spec: #""nope": 1,"#)).code == 400)
        let ignored = try await world.send(.post, "\(jobs)?fieldValidation=Ignore", World.manifest("i", spec: #""nope": 1,"#))
        #expect(ignored.code == 201 && !ignored.warnings.contains { $0.contains("nope") })
    }

    @Test func dryRunStoresNothing() async throws {
        let world = World()
        #expect(try await world.send(.post, "\(jobs)?dryRun=All", World.manifest("d")).code == 201)
        #expect(try await world.send(.get, "\(jobs)/d").code == 404)
        try await world.job("d")
        #expect(try await world.send(.post, "\(jobs)?dryRun=All", World.manifest("d")).code == 409)
        let patched = try await world.send(.patch, "\(jobs)/d?dryRun=All", #"{"spec":{"parallelism":9}}"#, type: "application/merge-patch+json")
        #expect(patched.value.at("spec.parallelism")?.int == 9)
        #expect(try await world.send(.delete, "\(jobs)/d", #"{"dryRun":["All"]}"#).code == 200)
        #expect(try await world.send(.delete, "\(jobs)/d?dryRun=All").code == 200)
        #expect(try await world.send(.get, "\(jobs)/d").value.at("spec.parallelism")?.int == 1)
    }

    @Test func deleted() async throws {
        let world = World()
        let job = try await world.job("d")
        let answer = try await world.send(.delete, "\(jobs)/d", #"{"propagationPolicy":"Background"}"#)
        #expect(answer.code == 200 && answer.value["status"]?.string == "Success")
        #expect(answer.value.at("details.uid")?.string == job.metadata.uid)
        #expect(try await world.send(.get, "\(jobs)/d").code == 404)
        #expect(try await world.send(.delete, "\(jobs)/d").code == 404)
        for name in ["a", "b"] { try await world.send(.post, jobs, World.manifest(name, metadata: #""labels": {"n": "\#(name)"},"#)) }
        #expect(try await world.send(.delete, "\(jobs)?propagationPolicy=Background&labelSelector=n%3Da").value.names == ["a"])
        #expect(try await world.send(.get, jobs).value.names == ["b"])
        let orphaned = try await world.send(.delete, "\(jobs)/b?propagationPolicy=Orphan")
        #expect(orphaned.code == 200 && orphaned.warnings == [] && orphaned.value.at("metadata.finalizers")?.strings == ["orphan"])
        let asked = try await world.send(.delete, "\(jobs)/b")
        #expect(asked.warnings.first?.contains("child pods are preserved by default") == true)
    }

    /// Nothing is ignored in silence.
    @Test func whatIsNotHonouredIsSaid() async throws {
        let world = World()
        let affinity = #"{"nodeAffinity":{},"podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[]}}"#
        let spec = #"{"nodeSelector":{"a":"b"},"affinity":\#(affinity),"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}"#
        let body = #"{"metadata":{"name":"w"},"spec":{"template":{"spec":\#(spec)}}}"#
        let answer = try await world.send(.post, jobs, body)
        #expect(answer.code == 201 && answer.warnings.count == 2)
        #expect(answer.warnings.contains { $0.contains("spec.template.spec.affinity.podAntiAffinity: not honoured") })
    }

    @Test func preconditionsOfDeletes() async throws {
        let world = World()
        let job = try await world.job("d")
        let stale = try await world.send(.delete, "\(jobs)/d", #"{"preconditions":{"resourceVersion":"77"}}"#)
        #expect(stale.code == 409 && stale.text.contains("the ResourceVersion in the precondition (77)"))
        #expect(try await world.send(.delete, "\(jobs)/d", #"{"kind":"Job"}"#).code == 400)
        let fitting = #"{"propagationPolicy":"Background","preconditions":{"uid":"\#(job.metadata.uid)","resourceVersion":"1"}}"#
        #expect(try await world.send(.delete, "\(jobs)/d", fitting).code == 200)
    }
}
