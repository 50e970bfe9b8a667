import BatchAPI
import JobController
import Testing

/// How Jobs end (§4.6-§4.9).
@Suite struct EndingTests {
    private static let done = "SuccessCriteriaMet(CompletionsReached) Complete(CompletionsReached)"
    private static let limit = "FailureTarget(BackoffLimitExceeded)"

    @Test(arguments: [
        Row("S13: finish", .ni(5, 2), Tally(succeeded: 5), "shut Complete p0 a0 r0 t0 s5 f0 \(done)"),
        Row("S19: completions 0", .ni(0, 1), Tally(), "shut Complete p0 a0 r0 t0 s0 f0 \(done)"),
        Row("S32: too many successes", .ni(1, 1), Tally(succeeded: 2), "shut Complete p0 a0 r0 t0 s2 f0 \(done)"),
        Row("S55: indexes done, one failure", .ix(3, 2), Tally(succeeded: 3, undecided: [fail(1)], completedIndexes: "0-2"),
            "shut Complete p0 a0 r0 t0 s3 f1 [0-2|-] \(done) 1R+"),
        Row("S71: scaled to 0", .ix(0, 0), Tally(active: 3),
            "shut SuccessCriteriaMet p0 a0 r0 t3 s0 f0 SuccessCriteriaMet(CompletionsReached) cut uncounted"),
        Row("S187: Complete waits for the last pod", .ni(1, 1) { $0.has("SuccessCriteriaMet", "CompletionsReached") },
            Tally(terminating: 1, succeeded: 1), "shut SuccessCriteriaMet p0 a0 r0 t1 s1 f0 SuccessCriteriaMet(CompletionsReached)"),
        Row("S172: SuccessCriteriaMet wins over failures",
            .ix(2, 2, 0) { $0.has("SuccessCriteriaMet", "SuccessPolicy") }, Tally(succeeded: 1, undecided: [fail(0)], completedIndexes: "1"),
            "shut Complete p0 a0 r0 t0 s1 f1 [1|-] SuccessCriteriaMet(SuccessPolicy) Complete(SuccessPolicy) 1R+"),
        Row("R54: a live pod is cut off uncounted", .ix(2, 2) { $0.has("SuccessCriteriaMet", "ByHand") }, Tally(active: 1, ready: 1),
            "shut SuccessCriteriaMet p0 a0 r0 t1 s0 f0 SuccessCriteriaMet(ByHand) cut uncounted"),
    ])
    func success(row: Row) { row.check() }

    @Test(arguments: [
        Row("S53: one of ten fails", .ni(10, 10, 0), Tally(succeeded: 9, undecided: failures(1)),
            "shut Failed p0 a0 r0 t0 s9 f1 \(limit) Failed(BackoffLimitExceeded) 1R+"),
        Row("S56: the running one counts", .ix(3, 2, 0), Tally(active: 1, succeeded: 1, undecided: [fail(1)], completedIndexes: "0"),
            "shut FailureTarget p0 a0 r0 t1 s1 f2 [0|-] \(limit) cut counted 1R+"),
        Row("S101: ready drops to 0", .ni(3, 2, 0), Tally(active: 2, ready: 2, undecided: failures(1)),
            "shut FailureTarget p0 a0 r0 t2 s0 f3 \(limit) cut counted 1R+"),
        Row("S186: Failed waits for the last pod", .ni(1, 1, 0) { $0.has("FailureTarget", "BackoffLimitExceeded") },
            Tally(terminating: 1, failed: 2), "shut FailureTarget p0 a0 r0 t1 s0 f2 \(limit)"),
        Row("S101 later: all gone", .ni(3, 2, 0) { $0.has("FailureTarget", "BackoffLimitExceeded") }, Tally(failed: 3),
            "shut Failed p0 a0 r0 t0 s0 f3 \(limit) Failed(BackoffLimitExceeded)"),
        Row("S173: FailureTarget wins over success", .ni(1, 1) { $0.has("FailureTarget", "PodFailurePolicy") }, Tally(succeeded: 1),
            "shut Failed p0 a0 r0 t0 s1 f0 FailureTarget(PodFailurePolicy) Failed(PodFailurePolicy)"),
        Row("R49: a FailureTarget by hand ends the Job", .ni(2, 2) { $0.has("FailureTarget", "ByHand") }, Tally(active: 2),
            "shut FailureTarget p0 a0 r0 t2 s0 f2 FailureTarget(ByHand) cut counted"),
        Row("S254: also while it is being deleted", .ni(3, 2, 0) { $0.metadata.deletionTimestamp = now },
            Tally(active: 1, undecided: failures(1)), "shut FailureTarget p0 a0 r0 t1 s0 f2 \(limit) cut counted 1R+"),
    ])
    func failure(row: Row) { row.check() }

    /// S185, S133: a condition with status False counts for nothing, and keeps its place.
    @Test func conditionsByHand() {
        let idle = look(.ni(1, 1) { $0.has("FailureTarget", "ByHand", status: "False") }, Tally(active: 1))
        #expect(idle.summary == "open p1 a1 r0 t0 s0 f0 FailureTarget=False(ByHand)")
        let late = Job.ni(1, 1) {
            $0.has("Failed", "ByHand", status: "False")
            $0.spec.activeDeadlineSeconds = 1
        }
        #expect(look(late).summary == "shut Failed p0 a0 r0 t0 s0 f0 Failed(DeadlineExceeded) FailureTarget(DeadlineExceeded)")
    }

    /// S137, S168, S186: the terminal condition repeats the interim one's reason and message, with its own time; the event comes with it.
    @Test func terminalCondition() {
        let failing = look(.ni(1, 1) { $0.has("FailureTarget", "PodFailurePolicy", message: "gone pod") }, Tally(failed: 1))
        #expect(failing.status.condition("Failed") == JobCondition(type: "Failed", reason: "PodFailurePolicy", message: "gone pod", at: now))
        #expect(failing.status.condition("FailureTarget")?.lastTransitionTime == ago(60))
        #expect(failing.status.completionTime == nil)
        #expect(failing.eventTexts == ["Warning PodFailurePolicy gone pod"])
        let waiting = look(.ni(1, 1) { $0.has("FailureTarget", "PodFailurePolicy") }, Tally(terminating: 1, failed: 1))
        #expect(waiting.events.isEmpty)
    }

    /// S13, S32, R53: completionTime is the condition's own time, whole seconds as stored.
    @Test func completion() {
        let plan = look(.ni(1, 1), Tally(succeeded: 2), at: now.adding(milliseconds: 700))
        #expect(plan.status.completionTime == now)
        #expect(plan.status.condition("Complete")?.lastTransitionTime == now)
        #expect(plan.eventTexts == [
            "Warning TooManySucceededPods Too many succeeded pods running after completion count reached", "Normal Completed Job completed",
        ])
        #expect(look(.ni(2, 1), Tally(succeeded: 2)).eventTexts == ["Normal Completed Job completed"])
    }

    /// R24: a pass that may not have seen all failures ends nothing.
    @Test func cappedPass() {
        let plan = look(.ni(600, 600, 0), Tally(undecided: failures(500)))
        #expect(plan.status.isTrue("FailureTarget") && !plan.status.isFinished)
        #expect(plan.status.failed == 500 && plan.nextLook == now)
        #expect(look(.ni(600, 600, 0), Tally(undecided: failures(499))).status.isTrue("Failed"))
    }

    /// S24, S49: a Job that is being deleted starts and deletes nothing; its finished pods count.
    @Test(arguments: [
        Row("S24", .ni(5, 2) { $0.metadata.deletionTimestamp = now }, Tally(active: 2, succeeded: 1), "shut Deleting p2 a2 r0 t0 s1 f0"),
        Row("S24: no surplus", .ni(5, 1) { $0.metadata.deletionTimestamp = now }, Tally(active: 2), "shut Deleting p2 a2 r0 t0 s0 f0"),
        Row("S49", .ni(3, 3) { $0.metadata.deletionTimestamp = now }, Tally(active: 1, succeeded: 1, undecided: failures(1)),
            "shut Deleting p1 a1 r0 t0 s1 f1 1R+"),
        Row("R25: live pods are not deleted to complete", .ix(1, 1) { $0.metadata.deletionTimestamp = now },
            Tally(active: 1, succeeded: 1, completedIndexes: "0"), "shut Deleting p1 a1 r0 t0 s1 f0 [0|-]"),
        Row("R25: but R17 holds", .ni(1, 1) { $0.metadata.deletionTimestamp = now }, Tally(succeeded: 1),
            "shut Complete p0 a0 r0 t0 s1 f0 \(done)"),
    ])
    func deletion(row: Row) { row.check() }
}
