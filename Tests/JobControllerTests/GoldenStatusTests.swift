import BatchAPI
import JobController
import Testing

/// Whole status objects as Kubernetes 1.36.2 stored them, its times aside.
@Suite struct GoldenStatusTests {
    private func condition(_ type: String, _ reason: String, _ message: String, status: String = "True") -> Value {
        [
            "type": .string(type), "status": .string(status), "lastProbeTime": now.value, "lastTransitionTime": now.value,
            "reason": .string(reason), "message": .string(message),
        ]
    }

    private func ending(_ interim: String, _ terminal: String, _ reason: String, _ message: String) -> Value {
        .array([condition(interim, reason, message), condition(terminal, reason, message)])
    }

    private func fresh(_ job: Job) -> Job {
        var job = job
        job.status = JobStatus()
        return job
    }

    @Test func minimal() {
        let conditions = ending("SuccessCriteriaMet", "Complete", "CompletionsReached", "Reached expected number of succeeded pods")
        #expect(look(fresh(.ni(1, 1)), Tally(succeeded: 1)).status.value == [
            "conditions": conditions, "startTime": now.value, "completionTime": now.value, "succeeded": 1, "terminating": 0,
            "uncountedTerminatedPods": [:], "ready": 0,
        ])
    }

    @Test func failed() {
        let conditions = ending("FailureTarget", "Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit")
        #expect(look(fresh(.ni(1, 1, 0)), Tally(undecided: failures(1))).status.value == [
            "conditions": conditions, "startTime": now.value, "failed": 1, "terminating": 0, "uncountedTerminatedPods": [:], "ready": 0,
        ])
    }

    @Test func limitPerIndex() {
        let conditions = ending("FailureTarget", "Failed", "FailedIndexes", "Job has failed indexes")
        let tally = Tally(
            succeeded: 1, failed: 1, failedIndexes: 1, undecided: [fail(2)], completedIndexes: "0", failedIndexesText: "1")
        #expect(look(fresh(.ix(3, 3, perIndex: 0)), tally).status.value == [
            "conditions": conditions, "startTime": now.value, "succeeded": 1, "failed": 2, "terminating": 0, "completedIndexes": "0",
            "failedIndexes": "1,2", "uncountedTerminatedPods": [:], "ready": 0,
        ])
    }

    /// The observed page, 20: activeDeadlineSeconds 0 fails at once and does set startTime.
    @Test func deadline0() {
        let conditions = ending("FailureTarget", "Failed", "DeadlineExceeded", "Job was active longer than specified deadline")
        #expect(look(fresh(.ni(1, 1) { $0.spec.activeDeadlineSeconds = 0 })).status.value == [
            "conditions": conditions, "startTime": now.value, "terminating": 0, "uncountedTerminatedPods": [:], "ready": 0,
        ])
    }

    @Test func suspendedAndResumed() {
        var job = fresh(.ni(1, 1) { $0.spec.suspend = true })
        job.status = look(job).status
        #expect(job.status.value == [
            "conditions": [condition("Suspended", "JobSuspended", "Job suspended")], "terminating": 0, "uncountedTerminatedPods": [:],
            "ready": 0,
        ])
        job.spec.suspend = false
        #expect(look(job, Tally(active: 1, ready: 1)).status.value == [
            "conditions": [condition("Suspended", "JobResumed", "Job resumed", status: "False")], "startTime": now.value, "active": 1,
            "terminating": 0, "uncountedTerminatedPods": [:], "ready": 1,
        ])
    }

    /// S257: completions 0 and suspended: complete without startTime.
    @Test func suspendedWithoutCompletions() {
        let conditions = ending("SuccessCriteriaMet", "Complete", "CompletionsReached", "Reached expected number of succeeded pods")
        #expect(look(fresh(.ni(0, 1) { $0.spec.suspend = true })).status.value == [
            "conditions": conditions, "completionTime": now.value, "terminating": 0, "uncountedTerminatedPods": [:], "ready": 0,
        ])
    }

    @Test func workQueue() {
        #expect(look(fresh(.wq(3)), Tally(active: 3, ready: 3)).status.value == [
            "startTime": now.value, "active": 3, "terminating": 0, "uncountedTerminatedPods": [:], "ready": 3,
        ])
    }
}
