import BatchAPI
import JobController
import Testing

/// How many attempts may run, and when that is all (§9.1, §9.3).
@Suite struct ParallelismTests {
    @Test(arguments: [
        Row("S1: start", .ni(5, 2), Tally(), "open p2 a0 r0 t0 s0 f0"),
        Row("S2: work queue start", .wq(2), Tally(), "open p2 a0 r0 t0 s0 f0"),
        Row("S3: pending pods are active", .ni(5, 2), Tally(active: 2), "open p2 a2 r0 t0 s0 f0"),
        Row("S4: ready", .ni(5, 3), Tally(active: 3, ready: 2), "open p3 a3 r2 t0 s0 f0"),
        Row("S5: work queue at its parallelism", .wq(2), Tally(active: 2), "open p2 a2 r0 t0 s0 f0"),
        Row("S6: too few active", .ni(5, 2), Tally(active: 1, succeeded: 1), "open p2 a1 r0 t0 s1 f0"),
        Row("S7: work queue, too few active", .wq(2), Tally(active: 1), "open p2 a1 r0 t0 s0 f0"),
        Row("S8 S10: surplus stays active until it is deleted", .ni(5, 2), Tally(active: 10), "open p2 a10 r0 t0 s0 f0"),
        Row("S11: more active than completions left", .ni(4, 3), Tally(active: 3, succeeded: 2), "open p2 a3 r0 t0 s2 f0"),
        Row("S12: successes counted", .ni(5, 2), Tally(active: 2, succeeded: 2), "open p2 a2 r0 t0 s2 f0"),
        Row("S20: parallelism 0", .ni(3, 0), Tally(), "open p0 a0 r0 t0 s0 f0"),
        Row("S20: parallelism 0, and what ran is surplus", .wq(0), Tally(active: 2), "open p0 a2 r0 t0 s0 f0"),
        Row("S25: a stored failure", .ni(1, 1), Tally(active: 1, failed: 1), "open p1 a1 r0 t0 s0 f1"),
        Row("S33: parallelism above completions", .ni(1, 5), Tally(active: 1), "open p1 a1 r0 t0 s0 f0"),
        Row("S34: parallelism lowered", .ni(10, 2), Tally(active: 5, ready: 3), "open p2 a5 r3 t0 s0 f0"),
        Row("R8: parallelism unset is 1", .ni(3, 0) { $0.spec.parallelism = nil }, Tally(), "open p1 a0 r0 t0 s0 f0"),
        Row("V24: ready never above active", .ni(3, 3), Tally(active: 1, ready: 2), "open p3 a1 r1 t0 s0 f0"),
        Row(
            "S58: indexes", .ix(20, 8), Tally(active: 2, succeeded: 6, completedIndexes: "2,4,5,7-9"),
            "open p8 a2 r0 t0 s6 f0 [2,4,5,7-9|-]"),
        Row("R10: failed indexes take no place", .ix(4, 4, perIndex: 0), Tally(succeeded: 1, failed: 2, failedIndexes: 2, completedIndexes: "0",
            failedIndexesText: "1,2"), "open p1 a0 r0 t0 s1 f2 [0|1,2]"),
        Row("S66: after a shrink", .ix(2, 2), Tally(active: 2, succeeded: 0, completedIndexes: ""), "open p2 a2 r0 t0 s0 f0"),
        Row("S70: grown again", .ix(3, 3), Tally(active: 0, succeeded: 1, completedIndexes: "1"), "open p2 a0 r0 t0 s1 f0 [1|-]"),
    ])
    func permits(row: Row) { row.check() }

    @Test(arguments: [
        Row("S14: after its first success nothing starts", .wq(2), Tally(active: 1, succeeded: 1), "shut WorkQueueDraining p1 a1 r0 t0 s1 f0"),
        Row("S18: parallelism is inert then", .wq(5), Tally(active: 2, succeeded: 1), "shut WorkQueueDraining p2 a2 r0 t0 s1 f0"),
        Row("R9: a failure while draining has no successor", .wq(5), Tally(active: 2, succeeded: 1, undecided: failures(1)),
            "shut WorkQueueDraining p2 a2 r0 t0 s1 f1 1D+"),
        Row("S15: all done", .wq(2), Tally(succeeded: 2),
            "shut Complete p0 a0 r0 t0 s2 f0 SuccessCriteriaMet(CompletionsReached) Complete(CompletionsReached)"),
        Row("S16: done despite a failure", .wq(2), Tally(succeeded: 1, undecided: failures(1)),
            "shut Complete p0 a0 r0 t0 s1 f1 SuccessCriteriaMet(CompletionsReached) Complete(CompletionsReached) 1D+"),
        Row("S17: backoffLimit before success", .wq(2, 0), Tally(succeeded: 1, undecided: failures(1)),
            "shut Failed p0 a0 r0 t0 s1 f1 FailureTarget(BackoffLimitExceeded) Failed(BackoffLimitExceeded) 1D+"),
        Row("R17: not done while one runs", .wq(2), Tally(active: 1, succeeded: 3), "shut WorkQueueDraining p1 a1 r0 t0 s3 f0"),
    ])
    func workQueue(row: Row) { row.check() }

    @Test(arguments: [
        Row("S179: places of terminating attempts", .wq(1) { $0.spec.podReplacementPolicy = .failed },
            Tally(active: 1, terminating: 1, undecided: failures(1)), "open p1 a1 r0 t1 s0 f1 1R+"),
        Row("S181: active surplus goes, whatever terminates", .ni(1, 1) { $0.spec.podReplacementPolicy = .failed },
            Tally(active: 2, terminating: 4), "open p1 a2 r0 t4 s0 f0"),
        Row("S181: then nothing starts", .ni(6, 1) { $0.spec.podReplacementPolicy = .failed }, Tally(active: 1, terminating: 5),
            "open p1 a1 r0 t5 s0 f0"),
        Row("S182: Failed", .ix(5, 2) { $0.spec.podReplacementPolicy = .failed }, Tally(terminating: 1), "open p2 a0 r0 t1 s0 f0"),
        Row("S183: TerminatingOrFailed", .ix(5, 2) { $0.spec.podReplacementPolicy = .terminatingOrFailed }, Tally(terminating: 1),
            "open p2 a0 r0 t1 s0 f0"),
        Row("S184: after both were deleted", .ni(2, 2) { $0.spec.podReplacementPolicy = .failed }, Tally(terminating: 2),
            "open p2 a0 r0 t2 s0 f0"),
        Row("S149: podFailurePolicy means Failed", .wq(1, 0) { $0.spec.podFailurePolicy = ["rules": []] }, Tally(terminating: 1),
            "open p1 a0 r0 t1 s0 f0"),
        Row("R46: the ledger keeps a place", .ni(6, 2) { $0.spec.podReplacementPolicy = .failed }, Tally(active: 1, terminating: 1),
            "open p2 a1 r0 t1 s0 f0"),
    ])
    func replacement(row: Row) { row.check() }
}
