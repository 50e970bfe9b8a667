import BatchAPI
import Testing

@Suite struct JobValidationTests {
    /// Recorded refusals that are known to read differently here.
    private static let exceptions: Set<String> = []

    /// Each recorded refusal, word for word: code, reason, message, details with all causes.
    @Test func equalsRecordedRefusals() throws {
        let cases = try Fixtures.load("refused-jobs")
        #expect(cases.count >= 110)
        for recorded in cases where recorded["code"] == 422 {
            let name = recorded["name"]?.string ?? ""
            guard !Self.exceptions.contains(name), let body = recorded["body"], let request = recorded["request"] else { continue }
            // The uid is made up by the server and shows in some messages.
            let uid = Self.uid(in: body.encoded()) ?? "00000000-0000-0000-0000-000000000000"
            let job = Job(JobDefaults.apply(to: request, uid: uid, now: Timestamp(milliseconds: 0), namespace: "golden"))
            let errors = JobValidation.validate(create: job)
            guard !errors.isEmpty else {
                Issue.record("\(name): accepted, expected \(body["message"]?.string ?? "")")
                continue
            }
            let status = APIStatus.invalid(kind: "Job", name: job.metadata.name, errors: errors)
            #expect(status.value.encoded() == body.encoded(), "\(name)")
        }
    }

    @Test func acceptsRecordedJobs() throws {
        for recorded in try Fixtures.load("created-jobs") {
            let body = recorded["body"] ?? .null
            let job = Job(JobDefaultsTests.apply(recorded["request"] ?? .null, like: body))
            #expect(JobValidation.validate(create: job) == [], "\(job.metadata.name)")
            #expect(JobValidation.validateUpdate(old: job, new: job) == [], "\(job.metadata.name)")
        }
    }

    private static func uid(in text: String) -> String? {
        text.firstMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/).map { String($0.0) }
    }

    /// S273.
    @Test func warnings() {
        #expect(JobValidation.warnings(create: Self.job(name: "a.b")) == [
            "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]"
        ])
        #expect(JobValidation.warnings(create: Self.job()).isEmpty)
        let large = Self.job(["completionMode": "Indexed", "completions": 100_001, "parallelism": 10_001])
        #expect(JobValidation.warnings(create: large).count == 1)
    }

    static func job(_ spec: [String: Value] = [:], name: String = "j") -> Job {
        var value: Value = [
            "metadata": ["name": .string(name)],
            "spec": [
                "template": [
                    "spec": ["restartPolicy": "Never", "containers": [["name": "c", "image": "none"]]]
                ]
            ],
        ]
        for (key, member) in spec { value["spec"]?[key] = member }
        return Job(JobDefaults.apply(to: value, uid: "u", now: Timestamp(milliseconds: 0)))
    }
}
