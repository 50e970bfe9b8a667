import BatchAPI
import JobController
import Testing

/// Jobs that are left alone: finished ones, but for their time to live, and those that others manage.
@Suite struct FinishedTests {
    private static func finished(_ type: String = "Complete", ttl: Int?, ago seconds: Double) -> Job {
        .ni(1, 1) {
            $0.has(type == "Complete" ? "SuccessCriteriaMet" : "FailureTarget", at: ago(9999))
            $0.has(type, at: ago(seconds))
            $0.spec.ttlSecondsAfterFinished = ttl
            $0.status.succeeded = 1
        }
    }

    /// S28, R56: nothing changes any more, whatever the tally says.
    @Test func statusStands() {
        for type in ["Complete", "Failed"] {
            let job = Self.finished(type, ttl: nil, ago: 60)
            let plan = look(job, Tally(active: 1, failed: 9, undecided: failures(1)))
            #expect(plan.status == job.status && plan.gate == .shut(type) && plan.permits == 0)
            #expect(plan.verdicts == [Verdict(token: 1, fate: .retry, isCounted: false)] && plan.cut == .uncounted)
            #expect(!plan.deletesJob && plan.nextLook == nil && plan.events.isEmpty)
        }
    }

    /// S197-S199, R70-R72.
    @Test(arguments: [
        (finished(ttl: 0, ago: 0), true, ago(-1)), (finished(ttl: 15, ago: 10), false, ago(-5)), (finished(ttl: 15, ago: 15), true, ago(-1)),
        (finished("Failed", ttl: 10, ago: 0), false, ago(-10)), (finished(ttl: nil, ago: 9999), false, nil),
        (finished(ttl: 5, ago: -60), false, ago(-65)), (finished(ttl: .max, ago: 60), false, Timestamp(milliseconds: .max)),
    ] as [(Job, Bool, Timestamp?)])
    func timeToLive(job: Job, deletes: Bool, next: Timestamp?) {
        let plan = look(job)
        #expect(plan.deletesJob == deletes)
        #expect(plan.nextLook == next)
    }

    /// R71: a Job that is being deleted is not deleted again.
    @Test func deletedAlready() {
        var job = Self.finished(ttl: 0, ago: 60)
        job.metadata.deletionTimestamp = now
        let plan = look(job)
        #expect(!plan.deletesJob && plan.nextLook == nil)
    }

    /// S197, R72: the pass that finishes the Job asks for the next look and deletes nothing; interim conditions start no time to live.
    @Test func timeToLiveStarts() {
        let plan = look(.ni(1, 1) { $0.spec.ttlSecondsAfterFinished = 100 }, Tally(succeeded: 1))
        #expect(plan.status.isFinished && !plan.deletesJob && plan.nextLook == ago(-100))
        let ending = look(.ni(1, 1) { $0.spec.ttlSecondsAfterFinished = 0 }, Tally(terminating: 1, succeeded: 1))
        #expect(!ending.status.isFinished && !ending.deletesJob && ending.nextLook == nil)
    }

    /// S26, S27.
    @Test func managedBy() {
        let foreign = Job.ni(2, 2) { $0.spec.managedBy = "acme.io/x" }
        let plan = look(foreign, Tally(succeeded: 2))
        #expect(plan == Plan(gate: .shut("ManagedBy"), status: foreign.status))
        let ours = look(.ni(2, 2) { $0.spec.managedBy = "kubernetes.io/job-controller" })
        #expect(ours.summary == "open p2 a0 r0 t0 s0 f0")
    }

    /// R2.
    @Test func unknownCompletionMode() {
        let job = Job.ni(2, 2) { $0.spec.completionModeText = "Batch" }
        let plan = look(job)
        #expect(plan.gate == .shut("UnknownCompletionMode") && plan.status == job.status)
        #expect(plan.eventTexts == ["Warning UnknownCompletionMode Skipped Job sync because completion mode is unknown"])
    }

    /// S1, R5, S127: startTime is set once, before any pod, in whole seconds.
    @Test func startTime() {
        let first = look(.ni(5, 2) { $0.status = JobStatus() }, at: now.adding(milliseconds: 321))
        #expect(first.status.startTime == now && first.status.conditions.isEmpty)
        #expect(look(.ni(5, 2)).status.startTime == ago(3600))
    }

    /// A second look at what the first has stored changes nothing.
    @Test(arguments: [
        (Job.ni(5, 2), Tally(active: 2)), (.wq(2), Tally(active: 1, succeeded: 1)), (.ni(4, 2) { $0.suspends() }, Tally()),
        (.ni(1, 1, 0) { $0.has("FailureTarget", "BackoffLimitExceeded") }, Tally(terminating: 1, failed: 1)),
        (.ni(1, 1, 0), Tally(failed: 1)), (.ni(1, 1), Tally(succeeded: 1)),
    ])
    func isStable(job: Job, tally: Tally) {
        var job = job
        job.status = look(job, tally).status
        let again = look(job, tally, at: now.adding(milliseconds: 5000))
        #expect(again.status == job.status && again.events.isEmpty)
    }
}
