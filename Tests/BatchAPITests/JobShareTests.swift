import BatchAPI
import Testing

/// Weight and priority of Jobs.
@Suite struct JobShareTests {
    private static func job(weight: String?, _ spec: [String: Value] = [:]) -> Job {
        var job = JobValidationTests.job()
        job.metadata.annotations[JobShare.annotation] = weight
        for (name, value) in spec { job.spec.template.spec.raw[name] = value }
        return job
    }

    @Test(arguments: [(nil, 1), ("1", 1), ("0.01", 0.01), ("2.5", 2.5), ("100", 100), ("007", 7)] as [(String?, Double)])
    func weights(text: String?, weight: Double) {
        let job = Self.job(weight: text)
        #expect(job.share.weight == weight && job.share.stride == 10_000 / weight)
        #expect(JobValidation.validate(create: job).allSatisfy { !$0.field.contains("annotations") })
    }

    @Test(arguments: ["", "0", "-1", "+1", "1e1", "0x1", "nan", "inf", "1,5", " 1", "0.009", "100.1", "1.2.3", "١"])
    func badWeights(text: String) {
        let job = Self.job(weight: text), field = "metadata.annotations[drover.dev/weight]"
        let errors = JobValidation.validate(create: job).filter { $0.field == field }
        #expect(errors.map(\.message) == ["Invalid value: \(Value.string(text).encoded()): must be a number from 0.01 to 100"])
        #expect(JobValidation.validateUpdate(old: Self.job(weight: nil), new: job).contains { $0.field == field })
        #expect(job.share.weight == 1)
    }

    @Test func priorities() {
        #expect(Self.job(weight: nil).share.priority == 0)
        #expect(Self.job(weight: nil, ["priority": -7]).share.priority == -7)
        #expect(Self.job(weight: nil, ["priorityClassName": "system-node-critical"]).share.priority == 2_000_001_000)
        #expect(Self.job(weight: nil, ["priorityClassName": "mine"]).share.priority == 0)
        #expect(Self.job(weight: nil, ["priorityClassName": "mine", "priority": 3]).share.priority == 3)
    }
}
