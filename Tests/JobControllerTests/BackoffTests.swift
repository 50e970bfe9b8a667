import BatchAPI
import JobController
import Testing

/// backoffLimit and delays (§9.5).
@Suite struct BackoffTests {
    private static let failed = "FailureTarget(BackoffLimitExceeded) Failed(BackoffLimitExceeded)"

    @Test(arguments: [
        Row("S95: within the limit", .ni(1, 1, 1), Tally(undecided: failures(1)), "open p1 a0 r0 t0 s0 f1 1R+"),
        Row("S96: beyond", .ni(1, 1, 1), Tally(undecided: failures(2)), "shut Failed p0 a0 r0 t0 s0 f2 \(failed) 1R+ 2R+"),
        Row("S96: one after the other", .ni(1, 1, 1), Tally(failed: 1, undecided: failures(1)), "shut Failed p0 a0 r0 t0 s0 f2 \(failed) 1R+"),
        Row("S97: six of six", .ni(2, 2), Tally(active: 1, failed: 5, undecided: failures(1)), "open p2 a1 r0 t0 s0 f6 1R+"),
        Row("S98: the seventh", .ni(2, 2), Tally(failed: 6, undecided: failures(1)), "shut Failed p0 a0 r0 t0 s0 f7 \(failed) 1R+"),
        Row("S99: limit 0", .ni(1, 1, 0), Tally(active: 1), "open p1 a1 r0 t0 s0 f0"),
        Row("R31: limit unset is 6", .ni(1, 1) { $0.spec.backoffLimit = nil }, Tally(failed: 6), "open p1 a0 r0 t0 s0 f6"),
        Row("R31: limit lowered", .ni(1, 1, 1), Tally(active: 1, failed: 2),
            "shut FailureTarget p0 a0 r0 t1 s0 f3 FailureTarget(BackoffLimitExceeded) cut counted"),
        Row("S106: active stays during a back-off", .ni(3, 3), Tally(active: 2, undecided: failures(1, ago: 0)), "open p3 a2 r0 t0 s0 f1 1R+"),
        Row("S124: always failing", .ni(1, 1, 1), Tally(failed: 1, failuresSinceSuccess: 1, undecided: failures(1)),
            "shut Failed p0 a0 r0 t0 s0 f2 \(failed) 1R+"),
    ])
    func limit(row: Row) { row.check() }

    @Test(arguments: [
        Row("S117: no restart", .ni(1, 1, 0) { $0.restartsOnFailure() }, Tally(active: 1), "open p1 a1 r0 t0 s0 f0"),
        Row("S117: one restart, limit 0", .ni(1, 1, 0) { $0.restartsOnFailure() }, Tally(active: 1, restarts: 1),
            "shut FailureTarget p0 a0 r0 t1 s0 f1 FailureTarget(BackoffLimitExceeded) cut counted"),
        Row("S118: limit 1", .ni(1, 1, 1) { $0.restartsOnFailure() }, Tally(active: 1, restarts: 1),
            "shut FailureTarget p0 a0 r0 t1 s0 f1 FailureTarget(BackoffLimitExceeded) cut counted"),
        Row("S119: the sum of two pods", .ni(5, 2, 2) { $0.restartsOnFailure() }, Tally(active: 2, restarts: 2),
            "shut FailureTarget p0 a0 r0 t2 s0 f2 FailureTarget(BackoffLimitExceeded) cut counted"),
        Row("S120: below", .ni(5, 2, 3) { $0.restartsOnFailure() }, Tally(active: 2, restarts: 2), "open p2 a2 r0 t0 s0 f0"),
        Row("S121: finished pods' restarts are not in the sum", .ni(5, 2, 5) { $0.restartsOnFailure() }, Tally(active: 2, succeeded: 1),
            "open p2 a2 r0 t0 s1 f0"),
        Row("R32: only for OnFailure", .ni(5, 2, 0), Tally(active: 2, restarts: 2), "open p2 a2 r0 t0 s0 f0"),
    ])
    func restarts(row: Row) { row.check() }

    /// S107-S109, R33: the delay after n failures, counted from the latest finish.
    @Test(arguments: [
        (10_000, 600_000, [10, 20, 40, 80, 160, 320, 600, 600, 600]), (5_000, 700_000, [5, 10, 20, 40, 80, 160, 320, 640, 700]),
        (10_000, 5_000, [5, 5]), (0, 600_000, [0, 0, 0]), (100, 1_000, [0.1, 0.2, 0.4, 0.8, 1, 1]), (10_000, Int64.max, [10, 20]),
    ] as [(Int64, Int64, [Double])])
    func delays(base: Int64, cap: Int64, seconds: [Double]) {
        let options = Options(podFailureBackoffBase: base, podFailureBackoffMax: cap)
        for (before, delay) in seconds.enumerated() {
            let plan = look(.ni(1, 1, 1000), Tally(failuresSinceSuccess: before, undecided: failures(1, ago: 1)), options: options)
            #expect(plan.failuresSinceSuccess == before + 1)
            #expect(plan.notBefore == ago(1 - delay))
            #expect(plan.nextLook == (delay > 1 ? ago(1 - delay) : nil))
        }
    }

    /// R33: however many failures and whatever the options, no overflow.
    @Test(arguments: [Int64.max, Int64.max - 1, 1]) func extremes(cap: Int64) {
        let options = Options(podFailureBackoffBase: 3, podFailureBackoffMax: cap)
        let plan = look(.ni(1, 1, 1000), Tally(failuresSinceSuccess: 1_000_000, undecided: failures(1)), options: options)
        #expect(plan.notBefore == ago(3600).adding(milliseconds: cap))
    }

    struct Record: Sendable {
        var id: String
        var tally: Tally
        var failures: Int
        var notBefore: Timestamp?
    }

    @Test(arguments: [
        Record(id: "S103: nothing new", tally: Tally(failuresSinceSuccess: 1, notBefore: ago(-10)), failures: 1, notBefore: ago(-10)),
        Record(id: "S104: no failures", tally: Tally(), failures: 0, notBefore: nil),
        Record(id: "S105: success not older than the failure", tally: Tally(newestSuccess: ago(5), undecided: failures(1, ago: 5)), failures: 0),
        Record(id: "S111: only successes", tally: Tally(failuresSinceSuccess: 4, newestSuccess: now, notBefore: ago(-80)), failures: 0),
        Record(
            id: "S112: failures at t1, t3, t4, success at t2",
            tally: Tally(failuresSinceSuccess: 3, newestSuccess: ago(30), notBefore: ago(-99), undecided: [
                fail(0, token: 1, ago: 40), fail(1, token: 2, ago: 20), fail(2, token: 3, ago: 10),
            ]),
            failures: 2, notBefore: ago(-10)),
        Record(id: "R34: failures add up", tally: Tally(failuresSinceSuccess: 2, undecided: failures(2, ago: 0)), failures: 4, notBefore: ago(-80)),
        Record(
            id: "R33: a late report brings nothing forward",
            tally: Tally(failuresSinceSuccess: 7, notBefore: ago(-590), undecided: failures(1, ago: 100)), failures: 8, notBefore: ago(-590)),
        Record(id: "R33: a success before it does", tally: Tally(newestSuccess: ago(5), notBefore: ago(-590), undecided: failures(1, ago: 0)),
            failures: 1, notBefore: ago(-10)),
    ])
    func record(record: Record) {
        let plan = look(.ni(5, 5, 100), record.tally)
        #expect(plan.failuresSinceSuccess == record.failures, "\(record.id)")
        #expect(plan.notBefore == record.notBefore, "\(record.id)")
        #expect(plan.gate == .open)
    }

    /// `run -- CMD`: a fixed delay; disruptions are retried at once and count for nothing.
    @Test func optionsOfRun() {
        let fixed = Options(retryDelay: 2000)
        #expect(look(.ni(9, 9), Tally(failuresSinceSuccess: 3, undecided: failures(1, ago: 0)), options: fixed).notBefore == ago(-2))
        let ignoring = Options(ignoresDisruptions: true)
        let plan = look(.ni(9, 9, 0), Tally(undecided: failures(1, ago: 0, disruption: true)), options: ignoring)
        #expect(plan.summary == "open p9 a0 r0 t0 s0 f0 1R-")
        #expect(plan.failuresSinceSuccess == 0 && plan.notBefore == nil)
        let counting = look(.ni(9, 9, 0), Tally(undecided: failures(1, ago: 0, disruption: true)))
        #expect(counting.status.isTrue("Failed"))
    }
}
