import BatchAPI
import Testing

/// V24 and V24a beyond what the recordings hold.
@Suite struct JobStatusValidationTests {
    private static func job(_ status: Value, indexed: Bool = true) -> Job {
        let mode: Value = indexed ? "Indexed" : "NonIndexed"
        return Job(["spec": ["completions": 5, "completionMode": mode, "parallelism": 5], "status": status])
    }

    private func errors(_ old: Value, _ new: Value) -> [String] {
        JobStatusValidation.validate(old: Self.job(old), new: Self.job(new)).map(\.description)
    }

    /// S269: old violations do not hold up writes about something else.
    @Test func oldViolationsStay() {
        #expect(errors(["completedIndexes": "3,2"], ["completedIndexes": "3,2", "failed": 1]) == [])
        #expect(errors(["ready": 2, "active": 1], ["ready": 2, "active": 1, "failed": 1]) == [])
        #expect(errors(["ready": 2, "active": 1], ["ready": 3, "active": 1]).count == 1)
        #expect(errors([:], ["completedIndexes": "3,2"]).count == 1)
    }

    /// S271: what was decided is not taken back.
    @Test func decidedConditionsStay() {
        let failed: Value = [["type": "FailureTarget", "status": "True"], ["type": "Failed", "status": "True"]]
        let start: Value = "2026-01-01T00:00:00Z"
        #expect(errors(["conditions": failed, "startTime": start], ["startTime": start]).count == 2)
        let complete: Value = [["type": "Complete", "status": "True"]], met: Value = [
            ["type": "Complete", "status": "True"], ["type": "SuccessCriteriaMet", "status": "True"],
        ]
        let old: Value = ["conditions": complete, "startTime": start, "completionTime": start]
        #expect(errors(old, ["conditions": met, "startTime": start, "completionTime": start])
            == ["status.conditions: Invalid value: cannot set SuccessCriteriaMet=True condition for Complete jobs"])
    }
}
