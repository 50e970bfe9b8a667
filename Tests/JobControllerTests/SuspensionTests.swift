import BatchAPI
import JobController
import Testing

/// Suspend and resume (§9.4).
@Suite struct SuspensionTests {
    @Test(arguments: [
        Row("S77: created suspended", .ni(4, 2) { $0.suspends() }, Tally(), "shut Suspended p0 a0 r0 t0 s0 f0 Suspended(JobSuspended)"),
        Row("S78 S79: running", .ni(4, 2) { $0.spec.suspend = true }, Tally(active: 2, ready: 2),
            "shut Suspended p0 a0 r0 t2 s0 f0 Suspended(JobSuspended) cut uncounted"),
        Row("S82: being deleted", .ni(4, 2) { $0.spec.suspend = true; $0.metadata.deletionTimestamp = now }, Tally(active: 2),
            "shut Deleting p2 a2 r0 t0 s0 f0"),
        Row("S83: past its deadline", .ni(4, 2) { $0.spec.suspend = true; $0.spec.activeDeadlineSeconds = 10 }, Tally(active: 2),
            "shut Suspended p0 a0 r0 t2 s0 f0 Suspended(JobSuspended) cut uncounted"),
        Row("S92: complete", .ni(4, 2) { $0.spec.suspend = true }, Tally(succeeded: 4),
            "shut Complete p0 a0 r0 t0 s4 f0 SuccessCriteriaMet(CompletionsReached) Complete(CompletionsReached)"),
        Row("S93: restarts below the limit", .ni(4, 2) { $0.spec.suspend = true; $0.restartsOnFailure() }, Tally(active: 2, restarts: 2),
            "shut Suspended p0 a0 r0 t2 s0 f0 Suspended(JobSuspended) cut uncounted"),
        Row("S94: stays suspended", .ni(4, 2) { $0.suspends(); $0.has("Suspended", "JobSuspended") }, Tally(succeeded: 1, failed: 1),
            "shut Suspended p0 a0 r0 t0 s1 f1 Suspended(JobSuspended)"),
        Row("R19: pods that had failed count", .ni(4, 2) { $0.spec.suspend = true }, Tally(active: 1, undecided: failures(1)),
            "shut Suspended p0 a0 r0 t1 s0 f1 Suspended(JobSuspended) cut uncounted 1R+"),
        Row("R49: failing comes first", .ni(4, 2, 0) { $0.spec.suspend = true }, Tally(active: 1, undecided: failures(1)),
            "shut FailureTarget p0 a0 r0 t1 s0 f2 FailureTarget(BackoffLimitExceeded) cut counted 1R+"),
        Row("R53a: a suspended work queue with a success is done", .wq(2) { $0.spec.suspend = true }, Tally(active: 1, succeeded: 1),
            "shut SuccessCriteriaMet p0 a0 r0 t1 s1 f0 SuccessCriteriaMet(CompletionsReached) cut uncounted"),
        Row("S81: resumed", .ni(4, 2) { $0.has("Suspended", "JobSuspended") }, Tally(), "open p2 a0 r0 t0 s0 f0 Suspended=False(JobResumed)"),
        Row("S86: resumed while old pods terminate", .ni(4, 2) { $0.has("Suspended", "JobSuspended"); $0.spec.podReplacementPolicy = .failed },
            Tally(terminating: 2), "open p2 a0 r0 t2 s0 f0 Suspended=False(JobResumed)"),
        Row("R20: never suspended, no condition", .ni(4, 2) { $0.spec.suspend = false }, Tally(), "open p2 a0 r0 t0 s0 f0"),
        Row("R20: resumed before", .ni(4, 2) { $0.has("Suspended", "JobResumed", status: "False") }, Tally(),
            "open p2 a0 r0 t0 s0 f0 Suspended=False(JobResumed)"),
    ])
    func decisions(row: Row) { row.check() }

    /// S78, S77, R19: startTime goes with the turn of the condition; the event comes once.
    @Test func startTimeGoes() {
        let turned = look(.ni(4, 2) { $0.spec.suspend = true }, Tally(active: 2))
        #expect(turned.status.startTime == nil)
        #expect(turned.eventTexts == ["Normal Suspended Job suspended"])
        var job = Job.ni(4, 2) { $0.spec.suspend = true }
        job.status = turned.status
        let again = look(job, Tally(terminating: 2))
        #expect(again.events.isEmpty && again.status.conditions == turned.status.conditions && again.cut == nil)
    }

    /// S81, S84: the time runs anew from the resumption.
    @Test func resumption() {
        let plan = look(.ni(4, 2) { job in
            job.has("Suspended", "JobSuspended")
            job.status.startTime = nil
            job.spec.activeDeadlineSeconds = 60
        })
        #expect(plan.status.startTime == now)
        #expect(plan.deadline == now.advanced(by: .seconds(60)) && plan.nextLook == plan.deadline)
        #expect(plan.eventTexts == ["Normal Resumed Job resumed"])
        #expect(plan.status.condition("Suspended")?.lastTransitionTime == now)
        #expect(look(.ni(4, 2) { $0.has("Suspended", "JobSuspended") }).status.startTime == now, "also one that was left over")
    }

    /// R20: the turn comes once.
    @Test func resumedBefore() {
        let plan = look(.ni(4, 2) { $0.has("Suspended", "JobResumed", status: "False") })
        #expect(plan.events.isEmpty && plan.status.startTime == ago(3600))
        #expect(plan.status.condition("Suspended")?.lastTransitionTime == ago(60))
    }

    /// R20: suspension does not reset the back-off.
    @Test func keepsBackoff() {
        let plan = look(.ni(4, 2) { $0.suspends() }, Tally(failed: 2, failuresSinceSuccess: 2, notBefore: ago(-5)))
        #expect(plan.failuresSinceSuccess == 2 && plan.notBefore == ago(-5))
    }

    /// V24: a Job that fails or completes while suspended has a startTime all the same, unless completions is 0 (S257).
    @Test func finishedWhileSuspended() {
        #expect(look(.ix(2, 2) { $0.suspends() }, Tally(succeeded: 2, completedIndexes: "0,1")).status.startTime == now)
        #expect(look(.ni(2, 2, 0) { $0.suspends() }, Tally(undecided: failures(1))).status.startTime == now)
    }
}
