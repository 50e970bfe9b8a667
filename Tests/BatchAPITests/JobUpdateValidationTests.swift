import BatchAPI
import Testing

/// Edits of stored Jobs (V20-V22), as the recorded scenarios have them.
@Suite struct JobUpdateValidationTests {
    typealias Edit = (inout Job) -> Void

    private func errors(_ old: Job, _ edit: Edit) -> [String] {
        var new = old
        edit(&new)
        return JobValidation.validateUpdate(old: old, new: new).map { "\($0.reason.rawValue) \($0.field) \($0.message.suffix(52))" }
    }

    private let immutableTemplate = ["spec.template", "spec.template.spec"]

    /// S072, S073.
    @Test func completions() {
        let indexed = JobValidationTests.job(["completionMode": "Indexed", "completions": 3, "parallelism": 3])
        #expect(JobValidation.validateUpdate(old: indexed, new: with(indexed) { $0.spec.completions = 4 }).map(\.description) == [
            "spec.completions: Invalid value: 4: can only be modified in tandem with spec.parallelism"
        ])
        #expect(errors(indexed) { ($0.spec.completions, $0.spec.parallelism) = (4, 4) }.isEmpty)
        let plain = JobValidationTests.job(["completions": 3])
        #expect(JobValidation.validateUpdate(old: plain, new: with(plain) { $0.spec.completions = 4 }).map(\.description) == [
            "spec.completions: Invalid value: 4: field is immutable"
        ])
    }

    @Test func immutableFields() {
        let job = JobValidationTests.job(["completionMode": "Indexed", "completions": 1])
        #expect(fields(job) { $0.spec.managedBy = "a.io/b" } == ["spec.managedBy"])
        #expect(fields(job) { $0.spec.backoffLimitPerIndex = 1 } == ["spec.backoffLimitPerIndex"])
        #expect(fields(job) { $0.metadata.uid = "other" }.contains("metadata.uid"))
        #expect(fields(job) { $0.spec.backoffLimit = 0; $0.spec.suspend = true; $0.spec.ttlSecondsAfterFinished = 1 } == [])
    }

    /// S261-S265: which edits, on which stored Job, are refused where.
    @Test func templates() {
        let never = stored(suspend: true)
        let stopped = stored(suspend: true, suspended: true, started: true)
        let stopping = stored(suspend: true, suspended: true, started: true, active: 1)
        let resuming = stored(suspend: false, suspended: true, started: true)
        #expect(fields(never, image) == ["spec.template"])
        #expect(fields(never, resources) == ["spec.template"])
        #expect(fields(never, nodeSelector) == [])
        #expect(fields(stopped, image) == ["spec.template.spec"])
        #expect(fields(stopped, resources) == [])
        #expect(fields(stopped, nodeSelector) == [])
        #expect(fields(stopping, nodeSelector) == ["spec.template"])
        #expect(fields(resuming, resources) == ["spec.template"])
        #expect(fields(resuming, nodeSelector) == ["spec.template"])
    }

    /// S265.
    @Test func affinity() {
        let stopped = stored(suspend: true, suspended: true)
        let onNodes: Value = ["nodeAffinity": ["preferredDuringSchedulingIgnoredDuringExecution": []]]
        let onBoth: Value = ["nodeAffinity": .object([:]), "podAffinity": ["a": 1]]
        #expect(fields(stopped) { $0.spec.template.spec.raw["affinity"] = onNodes } == [])
        #expect(fields(with(stopped) { $0.spec.template.spec.raw["affinity"] = onNodes }) { $0.spec.template.spec.raw["affinity"] = nil } == [])
        #expect(
            fields(with(stopped) { $0.spec.template.spec.raw["affinity"] = onBoth }) { $0.spec.template.spec.raw["affinity"] = nil }
                == ["spec.template.spec"])
    }

    private func image(_ job: inout Job) { job.spec.template.spec.containers[0].raw["image"] = "y" }
    private func resources(_ job: inout Job) {
        job.spec.template.spec.containers[0].raw["resources"] = ["requests": ["cpu": "1"]]
    }
    private func nodeSelector(_ job: inout Job) { job.spec.template.spec.raw["nodeSelector"] = ["a": "b"] }

    private func stored(suspend: Bool, suspended: Bool = false, started: Bool = false, active: Int = 0) -> Job {
        with(JobValidationTests.job(["suspend": .bool(suspend)])) { job in
            if suspended { job.status.conditions = [JobCondition(type: "Suspended")] }
            if started { job.status.startTime = Timestamp(milliseconds: 0) }
            job.status.active = active
        }
    }

    private func with(_ job: Job, _ edit: Edit) -> Job {
        var result = job
        edit(&result)
        return result
    }

    private func fields(_ old: Job, _ edit: Edit) -> [String] {
        JobValidation.validateUpdate(old: old, new: with(old, edit)).map(\.field)
    }
}
