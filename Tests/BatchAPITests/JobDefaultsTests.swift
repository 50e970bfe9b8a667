import BatchAPI
import Testing

@Suite struct JobDefaultsTests {
    /// The request of each recorded Job, defaulted, equals what the server stored.
    @Test func equalsRecordedObjects() throws {
        let cases = try Fixtures.load("created-jobs")
        #expect(cases.count >= 14)
        for recorded in cases {
            let (request, body) = (recorded["request"] ?? .null, recorded["body"] ?? .null)
            let result = Self.apply(request, like: body)
            let name = recorded["name"]?.string ?? ""
            #expect(result["spec"]?.encoded() == body["spec"]?.encoded(), "\(name)")
            #expect(result["status"] == body["status"], "\(name)")
            var metadata = body["metadata"] ?? .null
            metadata["resourceVersion"] = nil
            #expect(result["metadata"]?.encoded() == metadata.encoded(), "\(name)")
        }
    }

    /// Defaulting a stored Job changes nothing in its spec.
    @Test func isIdempotent() throws {
        for stored in try Fixtures.load("stored-jobs") {
            let spec = stored["spec"] ?? .null
            #expect(JobDefaults.applyToSpec(spec) == spec)
        }
    }

    @Test func storedJobsRoundTrip() throws {
        for stored in try Fixtures.load("stored-jobs") {
            #expect(Job(stored).value.encoded() == stored.encoded())
        }
    }

    @Test(arguments: [
        ("busybox", "Always"), ("busybox:latest", "Always"), ("busybox:1.36", "IfNotPresent"),
        ("host:5000/a/b", "Always"), ("host:5000/a/b:2", "IfNotPresent"), ("a@sha256:00", "IfNotPresent"),
    ])
    func pullPolicy(image: String, policy: String) {
        let job = Self.minimal(container: ["name": "c", "image": .string(image)])
        #expect(Job(job).spec.template.spec.containers[0].imagePullPolicy == policy)
    }

    /// S272: a Job with a label of its own takes none from the template.
    @Test func keepsOwnLabels() {
        let job = JobDefaults.apply(
            to: ["metadata": ["name": "j", "labels": ["a": "b"]], "spec": .object([:])], uid: "u", now: Timestamp(milliseconds: 0))
        #expect(job.at("metadata.labels") == ["a": "b"])
    }

    @Test func writesQuantitiesCanonically() {
        let job = Self.minimal(container: [
            "name": "c", "image": "i", "resources": ["requests": ["cpu": .double(0.5), "memory": "1024Ki"], "limits": ["cpu": 1]],
        ])
        let resources = Job(job).spec.template.spec.containers[0].resources
        #expect(resources == ["requests": ["cpu": "500m", "memory": "1Mi"], "limits": ["cpu": "1"]])
    }

    @Test func dropsNullAndUnknownFields() {
        let job = JobDefaults.apply(
            to: ["metadata": ["name": "j"], "spec": ["completions": .null, "nope": 1, "parallelism": 2]], uid: "u",
            now: Timestamp(milliseconds: 0))
        #expect(job.at("spec.nope") == nil)
        #expect(job.at("spec.completions") == nil)
    }

    static func minimal(container: Value) -> Value {
        JobDefaults.apply(
            to: ["metadata": ["name": "j"], "spec": ["template": ["spec": ["containers": [container]]]]], uid: "u",
            now: Timestamp(milliseconds: 0))
    }

    /// Defaults a request with the identity that the recorded answer got.
    static func apply(_ request: Value, like body: Value) -> Value {
        let name = body.at("metadata.name")?.string ?? ""
        let time = body.at("metadata.creationTimestamp")?.string.flatMap { Timestamp(rfc3339: $0) }
        return JobDefaults.apply(
            to: request, uid: body.at("metadata.uid")?.string ?? "", now: time ?? Timestamp(milliseconds: 0),
            nameSuffix: String(name.suffix(5)), namespace: body.at("metadata.namespace")?.string ?? "default")
    }
}
