import BatchAPI
import JobController
import Testing

/// What holds of every plan, over many Jobs and tallies drawn at random from a fixed seed.
@Suite struct InvariantTests {
    @Test(arguments: UInt64(1)...20) func plans(seed: UInt64) {
        var random = Lehmer(state: seed)
        for _ in 0..<500 {
            let job = Self.job(&random)
            let tally = Self.tally(&random)
            check(job, tally, look(job, tally))
        }
    }

    private func check(_ job: Job, _ tally: Tally, _ plan: Plan) {
        let status = plan.status
        #expect(plan.gate != .shut("") && plan.permits >= 0)
        #expect(plan.verdicts.map(\.token) == tally.undecided.map(\.token), "one verdict each")
        #expect(!(status.isTrue("Complete") && status.isTrue("FailureTarget")) && !(status.isTrue("Failed") && !status.isTrue("FailureTarget")))
        #expect(!(status.isTrue("Complete") && !status.isTrue("SuccessCriteriaMet")), "V24: interim before terminal")
        #expect((status.completionTime != nil) == status.isTrue("Complete"))
        #expect(Set(status.conditions.map(\.type)).count == status.conditions.count, "R56: one entry per type")
        #expect(!status.isFinished || status.active == 0 && status.terminating == 0, "R51, R53")
        #expect(status.failed >= tally.failed && status.ready ?? 0 <= status.active)
        #expect(status.active + (status.terminating ?? 0) == tally.active + tally.terminating, "a cut only moves attempts")
        #expect(plan.cut == nil || plan.gate != .open, "nothing starts beside a cut (I4)")
        #expect(plan.gate != .open || plan.permits <= max(job.spec.parallelism ?? 1, 0), "I2")
        let ends = status.isTrue("SuccessCriteriaMet") || status.isTrue("FailureTarget")
        #expect(!ends || plan.gate != .open && plan.deadline == nil)
    }

    private static func job(_ random: inout Lehmer) -> Job {
        let completions = random.below(5)
        let parallelism = random.below(4)
        let limit = random.below(4)
        var job =
            switch random.below(4) {
            case 0: Job.wq(parallelism, limit)
            case 1: Job.ix(completions, parallelism, limit)
            case 2: Job.ix(completions, parallelism, limit, perIndex: random.below(2))
            default: Job.ni(completions, parallelism, limit)
            }
        if random.below(3) == 0 { job.spec.suspend = true }
        if random.below(4) == 0 { job.spec.podReplacementPolicy = .failed }
        if random.below(4) == 0 { job.spec.activeDeadlineSeconds = random.below(2) == 0 ? 60 : 7200 }
        if random.below(6) == 0 { job.metadata.deletionTimestamp = now }
        if random.below(5) == 0 { job.has(random.below(2) == 0 ? "FailureTarget" : "SuccessCriteriaMet", "ByHand") }
        if random.below(5) == 0 { job.has("Suspended", status: random.below(2) == 0 ? "True" : "False") }
        return job
    }

    private static func tally(_ random: inout Lehmer) -> Tally {
        let active = Int(random.below(4))
        let undecided = (0..<random.below(3)).map {
            fail(Int(random.below(6)), after: Int(random.below(3)), token: $0, ago: Double(random.below(99)))
        }
        return Tally(
            active: active, ready: Int(random.below(Int64(active) + 1)), terminating: Int(random.below(3)), succeeded: Int(random.below(5)),
            failed: Int(random.below(3)), undecided: undecided, completedIndexes: "", failedIndexesText: "")
    }
}

/// Numbers that look random and are the same in every run.
private struct Lehmer {
    var state: UInt64

    /// A number from 0 up to, but without, `limit`.
    mutating func below(_ limit: Int64) -> Int64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int64(state >> 33) % limit
    }
}
