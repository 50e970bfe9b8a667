import BatchAPI
import JobController
import Testing

/// activeDeadlineSeconds (§9.6).
@Suite struct DeadlineTests {
    private static func limited(_ job: Job, _ seconds: Int, started: Double) -> Job {
        var job = job
        job.spec.activeDeadlineSeconds = seconds
        job.status.startTime = ago(started)
        return job
    }

    @Test(arguments: [
        Row("S125: a pod runs", limited(.ni(1, 1), 10, started: 15), Tally(active: 1),
            "shut FailureTarget p0 a0 r0 t1 s0 f1 FailureTarget(DeadlineExceeded) cut counted"),
        Row("S126: one of two done", limited(.ni(2, 1), 10, started: 15), Tally(active: 1, succeeded: 1),
            "shut FailureTarget p0 a0 r0 t1 s1 f1 FailureTarget(DeadlineExceeded) cut counted"),
        Row("S127: to the second, no pods", limited(.ni(1, 1), 10, started: 10), Tally(),
            "shut Failed p0 a0 r0 t0 s0 f0 FailureTarget(DeadlineExceeded) Failed(DeadlineExceeded)"),
        Row("S127: not yet", limited(.ni(1, 1), 10, started: 9.999), Tally(), "open p1 a0 r0 t0 s0 f0"),
        Row("S128: backoffLimit comes first", limited(.ni(1, 1, 0), 1, started: 10), Tally(undecided: failures(1)),
            "shut Failed p0 a0 r0 t0 s0 f1 FailureTarget(BackoffLimitExceeded) Failed(BackoffLimitExceeded) 1R+"),
        Row("S130: during a back-off", limited(.ni(1, 1), 10, started: 15), Tally(failed: 2, failuresSinceSuccess: 2, notBefore: ago(-9)),
            "shut Failed p0 a0 r0 t0 s0 f2 FailureTarget(DeadlineExceeded) Failed(DeadlineExceeded)"),
        Row("R49: the deadline comes before success", limited(.ni(1, 1), 10, started: 10), Tally(succeeded: 1),
            "shut Failed p0 a0 r0 t0 s1 f0 FailureTarget(DeadlineExceeded) Failed(DeadlineExceeded)"),
        Row("R18: parallelism 0 does not stop it", limited(.ni(1, 0), 10, started: 10), Tally(),
            "shut Failed p0 a0 r0 t0 s0 f0 FailureTarget(DeadlineExceeded) Failed(DeadlineExceeded)"),
    ])
    func decisions(row: Row) { row.check() }

    /// S129: the deadline counts from startTime, and is the next look unless a back-off ends before.
    @Test func deadlineOfPlan() {
        let plan = look(Self.limited(.ni(1, 1), 60, started: 15), Tally(active: 1))
        #expect(plan.deadline == ago(-45) && plan.nextLook == ago(-45))
        let delayed = look(Self.limited(.ni(2, 2), 60, started: 15), Tally(undecided: failures(1, ago: 0)))
        #expect(delayed.deadline == ago(-45) && delayed.nextLook == ago(-10))
        #expect(look(.ni(1, 1)).deadline == nil)
        #expect(look(Self.limited(.ni(1, 1), 10, started: 15)).deadline == nil)
        #expect(look(Self.limited(.ni(1, 1), .max, started: 15)).deadline == Timestamp(milliseconds: .max))
    }
}
