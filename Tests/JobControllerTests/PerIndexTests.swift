import BatchAPI
import JobController
import Testing

/// backoffLimitPerIndex (§9.8).
@Suite struct PerIndexTests {
    private static func limited(_ job: Job, mfi: Int) -> Job {
        var job = job
        job.spec.maxFailedIndexes = mfi
        return job
    }

    @Test(arguments: [
        Row("S152: success after a failure", .ix(2, 2, perIndex: 1), Tally(succeeded: 2, undecided: [fail(0)], completedIndexes: "0,1"),
            "shut Complete p0 a0 r0 t0 s2 f1 [0,1|] SuccessCriteriaMet(CompletionsReached) Complete(CompletionsReached) 1R+"),
        Row("S153: first failure", .ix(2, 2, perIndex: 1), Tally(undecided: [fail(0)]), "open p2 a0 r0 t0 s0 f0 [|] 1R+"),
        Row("S155: the index fails", .ix(2, 2, perIndex: 1), Tally(undecided: [fail(0, after: 1)]), "open p1 a0 r0 t0 s0 f1 [|0] 1F+"),
        Row("S159: backoffLimit before", .ix(2, 2, 1, perIndex: 1), Tally(undecided: [fail(0), fail(1, token: 2)]),
            "shut Failed p0 a0 r0 t0 s0 f2 [|] FailureTarget(BackoffLimitExceeded) Failed(BackoffLimitExceeded) 1R+ 2R+"),
        Row("S160: failed indexes", .ix(2, 2, perIndex: 1), Tally(succeeded: 1, undecided: [fail(0, after: 1)], completedIndexes: "1"),
            "shut Failed p0 a0 r0 t0 s1 f1 [1|0] FailureTarget(FailedIndexes) Failed(FailedIndexes) 1F+"),
        Row("S161: too many failed indexes", limited(.ix(4, 4, perIndex: 1), mfi: 1),
            Tally(active: 1, succeeded: 1, undecided: [fail(0, after: 1), fail(2, after: 1, token: 2)], completedIndexes: "1"),
            "shut FailureTarget p0 a0 r0 t1 s1 f3 [1|0,2] FailureTarget(MaxFailedIndexesExceeded) cut counted 1F+ 2F+"),
        Row("R39: as many as allowed", limited(.ix(4, 4, perIndex: 1), mfi: 1), Tally(active: 3, undecided: [fail(0, after: 1)]),
            "open p3 a3 r0 t0 s0 f1 [|0] 1F+"),
        Row("R39: 0 allows none", limited(.ix(4, 4, perIndex: 1), mfi: 0), Tally(undecided: [fail(0, after: 1)]),
            "shut Failed p0 a0 r0 t0 s0 f1 [|0] FailureTarget(MaxFailedIndexesExceeded) Failed(MaxFailedIndexesExceeded) 1F+"),
        Row("S162: limit 0", .ix(3, 3, perIndex: 0), Tally(undecided: [fail(0)]), "open p2 a0 r0 t0 s0 f1 [|0] 1F+"),
        Row("S253: the global limit", .ix(3, 3, 2, perIndex: 1), Tally(active: 2, failed: 2, undecided: [fail(2)]),
            "shut FailureTarget p0 a0 r0 t2 s0 f5 [|] FailureTarget(BackoffLimitExceeded) cut counted 1R+"),
        Row("R40: earlier and new failed indexes", .ix(5, 5, perIndex: 0),
            Tally(succeeded: 2, failed: 2, failedIndexes: 2, undecided: [fail(3)], completedIndexes: "0,4", failedIndexesText: "1,2"),
            "shut Failed p0 a0 r0 t0 s2 f3 [0,4|1-3] FailureTarget(FailedIndexes) Failed(FailedIndexes) 1F+"),
        Row("R40: some still run", .ix(5, 5, perIndex: 0), Tally(active: 1, succeeded: 3, undecided: [fail(3)], completedIndexes: "0-2"),
            "open p1 a1 r0 t0 s3 f1 [0-2|3] 1F+"),
        Row("R4: beyond completions, or without an index", .ix(2, 2, 0), Tally(undecided: [fail(2), fail(nil, token: 2), fail(-1, token: 3)]),
            "open p2 a0 r0 t0 s0 f0 1D- 2D- 3D-"),
        Row("`run -- CMD`: disruptions don't count", .ix(2, 2, perIndex: 0), Tally(undecided: failures(1, disruption: true)),
            "open p2 a0 r0 t0 s0 f0 [|] 1R-", options: Options(retryDelay: 0, ignoresDisruptions: true)),
        Row("P7: elsewhere they do", .ix(2, 2, perIndex: 0), Tally(undecided: failures(1, disruption: true)), "open p1 a0 r0 t0 s0 f1 [|0] 1F+"),
    ])
    func decisions(row: Row) { row.check() }

    /// S164, S165, S250, R37: each index waits for itself, from its own failure.
    @Test func delays() {
        let undecided = [fail(1, after: 1, token: 1, ago: 1), fail(2, token: 2, ago: 1), fail(3, after: 2, token: 3, ago: 1)]
        let plan = look(.ix(5, 5, perIndex: 5), Tally(failuresSinceSuccess: 3, notBefore: ago(-50), undecided: undecided))
        #expect(plan.verdicts.map(\.notBefore) == [ago(-19), ago(-9), ago(-39)])
        #expect(plan.notBefore == nil && plan.failuresSinceSuccess == 0 && plan.gate == .open)
        #expect(plan.nextLook == ago(-9))
        let quick = look(.ix(5, 5, perIndex: 5), Tally(undecided: undecided), options: Options(retryDelay: 0))
        #expect(quick.verdicts.map(\.notBefore) == [ago(1), ago(1), ago(1)] && quick.nextLook == nil)
        #expect(look(.ix(5, 5), Tally(undecided: undecided)).verdicts.map(\.notBefore) == [nil, nil, nil])
    }

    /// The text of failed indexes is the ledger's as long as none is added.
    @Test func textStands() {
        let plan = look(.ix(9, 9, perIndex: 1), Tally(failed: 2, failedIndexes: 2, failedIndexesText: "1,2,..."))
        #expect(plan.status.failedIndexes == "1,2,...")
    }
}
