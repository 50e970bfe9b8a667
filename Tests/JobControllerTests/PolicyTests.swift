import BatchAPI
import JobController
import Testing

/// podFailurePolicy (§9.7) and successPolicy (§9.9).
@Suite struct PolicyTests {
    private static func exits(_ action: Value, _ values: Value, _ demand: Value = "In", container: Value? = nil) -> Value {
        var codes: Value = ["operator": demand, "values": values]
        codes["containerName"] = container
        return ["action": action, "onExitCodes": codes]
    }

    private static func disruption(_ action: Value, status: Value? = nil) -> Value {
        var pattern: Value = ["type": "DisruptionTarget"]
        pattern["status"] = status
        return ["action": action, "onPodConditions": [pattern]]
    }

    private static func policy(_ job: Job, _ rules: Value...) -> Job {
        var job = job
        job.spec.podFailurePolicy = ["rules": .array(rules)]
        return job
    }

    /// Rules A of the scenarios.
    private static func rulesA(_ job: Job) -> Job { policy(job, exits("Ignore", [1, 2, 3]), exits("FailJob", [5, 6, 7])) }
    private static let byPolicy = "FailureTarget(PodFailurePolicy)"
    private static let failed = "\(byPolicy) Failed(PodFailurePolicy)"

    @Test(arguments: [
        Row("S134: another container", policy(.ni(1, 1), exits("FailJob", [5], container: "monitoring")), Tally(undecided: [fail(0, exit: 5)]),
            "open p1 a0 r0 t0 s0 f1 1R+"),
        Row("R42: this container", policy(.ni(1, 1), exits("FailJob", [5], container: "main")), Tally(undecided: [fail(0, exit: 5)]),
            "shut Failed p0 a0 r0 t0 s0 f1 \(failed) 1R+"),
        Row("S136: FailJob", rulesA(.ni(1, 1)), Tally(undecided: [fail(0, exit: 5)]), "shut Failed p0 a0 r0 t0 s0 f1 \(failed) 1R+"),
        Row("S138: with another pod", rulesA(.ni(2, 2)), Tally(active: 1, undecided: [fail(0, exit: 5)]),
            "shut FailureTarget p0 a0 r0 t1 s0 f2 \(byPolicy) cut counted 1R+"),
        Row("S139: NotIn, not listed", policy(.ni(1, 1), exits("FailJob", [5, 6, 7], "NotIn")), Tally(undecided: [fail(0, exit: 42)]),
            "shut Failed p0 a0 r0 t0 s0 f1 \(failed) 1R+"),
        Row("S139: NotIn, listed", policy(.ni(1, 1), exits("FailJob", [5, 6, 7], "NotIn")), Tally(undecided: [fail(0, exit: 5)]),
            "open p1 a0 r0 t0 s0 f1 1R+"),
        Row("S142: ignored", rulesA(.ni(1, 1, 0)), Tally(undecided: [fail(0, exit: 1)]), "open p1 a0 r0 t0 s0 f0 1R-"),
        Row("S143: no match", rulesA(.ni(1, 1, 0)), Tally(undecided: [fail(0, exit: 10)]),
            "shut Failed p0 a0 r0 t0 s0 f1 FailureTarget(BackoffLimitExceeded) Failed(BackoffLimitExceeded) 1R+"),
        Row("S144: the first match counts", policy(.ni(1, 1), exits("Count", [1, 2]), exits("Ignore", [2, 3])),
            Tally(undecided: [fail(0, exit: 2)]), "open p1 a0 r0 t0 s0 f1 1R+"),
        Row("S146: Ignore on a disruption", policy(.ni(1, 1, 0), disruption("Ignore")), Tally(undecided: failures(1, disruption: true)),
            "open p1 a0 r0 t0 s0 f0 1R-"),
        Row("R43: no disruption", policy(.ni(1, 1), disruption("Ignore", status: "True")), Tally(undecided: failures(1)),
            "open p1 a0 r0 t0 s0 f1 1R+"),
        Row("R43: another status", policy(.ni(1, 1), disruption("Ignore", status: "False")), Tally(undecided: failures(1, disruption: true)),
            "open p1 a0 r0 t0 s0 f1 1R+"),
        Row("R41: unknown action or operator",
            policy(.ni(1, 1), exits("Panic", [1]), exits("FailJob", [1], "Near"), exits("FailJob", [2], "Near"), "x"),
            Tally(undecided: failures(1)), "open p1 a0 r0 t0 s0 f1 1R+"),
        Row("R42: no code, or 0, never matches", policy(.ni(2, 2), exits("FailJob", [5], "NotIn")),
            Tally(undecided: [fail(0, exit: nil), fail(1, token: 2, exit: 0)]), "open p2 a0 r0 t0 s0 f2 1R+ 2R+"),
        Row("S156: FailIndex", policy(.ix(2, 2, perIndex: 1), exits("FailIndex", [3])), Tally(undecided: [fail(0, exit: 3)]),
            "open p1 a0 r0 t0 s0 f1 [|0] 1F+"),
        Row("S157: FailJob with a limit per index", policy(.ix(2, 2, perIndex: 1), exits("FailJob", [3])),
            Tally(undecided: [fail(0, exit: 3)]), "shut Failed p0 a0 r0 t0 s0 f1 [|] \(failed) 1R+"),
        Row("S158: Ignore with a limit per index", policy(.ix(2, 2, perIndex: 0), exits("Ignore", [3])), Tally(undecided: [fail(0, exit: 3)]),
            "open p2 a0 r0 t0 s0 f0 [|] 1R-"),
    ])
    func failurePolicy(row: Row) { row.check() }

    /// S136, S148: what the Job says, about the oldest match.
    @Test func messages() {
        let exit = look(Self.rulesA(.ni(2, 2)), Tally(undecided: [fail(0, exit: 1), fail(1, token: 2, exit: 5), fail(0, token: 3, exit: 6)]))
        let message = "Container main for pod ns/j-2 failed with exit code 5 matching FailJob rule at index 1"
        #expect(exit.status.condition("FailureTarget")?.message == message)
        #expect(exit.eventTexts == ["Warning PodFailurePolicy \(message)"])
        let condition = look(Self.policy(.ni(1, 1), Self.disruption("FailJob")), Tally(undecided: failures(1, disruption: true)))
        #expect(condition.status.condition("Failed")?.message == "Pod ns/j-1 has condition DisruptionTarget matching FailJob rule at index 0")
    }

    /// S147: ignored failures delay too.
    @Test func ignoredFailuresDelay() {
        let plan = look(Self.rulesA(.ni(1, 1)), Tally(undecided: [fail(0, ago: 0)]))
        #expect(plan.status.failed == 0 && plan.failuresSinceSuccess == 1 && plan.notBefore == ago(-10))
    }

    struct Match: Sendable {
        var completed: String
        var rules: Value
        var index: Int?
    }

    @Test(arguments: [
        Match(completed: "0-2,4-7", rules: [["succeededIndexes": "0-2"]], index: 0),
        Match(completed: "0-2,4-7", rules: [["succeededIndexes": "9"], ["succeededIndexes": "4,6"]], index: 1),
        Match(completed: "0-2,4-7", rules: [["succeededIndexes": "0,1"], ["succeededIndexes": "5"]], index: 0),
        Match(completed: "0-2", rules: [["succeededCount": 2]], index: 0),
        Match(completed: "0-2", rules: [["succeededCount": 4]], index: nil),
        Match(completed: "0-2", rules: [["succeededIndexes": "3"]], index: nil),
        Match(completed: "0-2,4-7", rules: [["succeededIndexes": "3-6", "succeededCount": 2]], index: 0),
        Match(completed: "0-2,6,7", rules: [["succeededIndexes": "3-6", "succeededCount": 2]], index: nil),
        Match(completed: "2-4,6-8", rules: [["succeededIndexes": "1-3,5-7"]], index: nil),
        Match(completed: "2-4,6-8", rules: [["succeededIndexes": "1-3,5-7", "succeededCount": 4]], index: 0),
        Match(completed: "", rules: [["succeededCount": 0]], index: nil),
        Match(completed: "0-2", rules: [["succeededIndexes": ""], ["succeededIndexes": "x", "succeededCount": 0], [:], "x"], index: nil),
    ])
    /// S174-S178.
    func successPolicy(match: Match) {
        let plan = look(.ix(10, 2) { $0.spec.successPolicy = ["rules": match.rules] }, Tally(succeeded: 5, completedIndexes: match.completed))
        #expect(plan.status.condition("Complete")?.reason == (match.index == nil ? nil : "SuccessPolicy"))
        #expect(plan.status.condition("SuccessCriteriaMet")?.message == match.index.map { "Matched rules at index \($0)" })
    }

    private static func one(_ job: Job) -> Job {
        var job = job
        job.spec.successPolicy = ["rules": [["succeededIndexes": "0,1", "succeededCount": 1]]]
        return job
    }

    @Test(arguments: [
        Row("S167: live pods are cut off uncounted", one(.ix(3, 3)),
            Tally(active: 2, succeeded: 1, undecided: [fail(0)], completedIndexes: "1"),
            "shut SuccessCriteriaMet p0 a0 r0 t2 s1 f1 [1|-] SuccessCriteriaMet(SuccessPolicy) cut uncounted 1R+"),
        Row("S168: later", one(.ix(3, 3) { $0.has("SuccessCriteriaMet", "SuccessPolicy") }),
            Tally(succeeded: 1, failed: 1, completedIndexes: "1"),
            "shut Complete p0 a0 r0 t0 s1 f1 [1|-] SuccessCriteriaMet(SuccessPolicy) Complete(SuccessPolicy)"),
        Row("S169: FailJob comes first", one(rulesA(.ix(2, 2))),
            Tally(active: 1, succeeded: 1, undecided: [fail(0, exit: 5)], completedIndexes: "1"),
            "shut FailureTarget p0 a0 r0 t1 s1 f2 [1|-] \(byPolicy) cut counted 1R+"),
        Row("S170: failed indexes come first", one(.ix(2, 2, perIndex: 1)),
            Tally(succeeded: 1, undecided: [fail(0, after: 1)], completedIndexes: "1"),
            "shut Failed p0 a0 r0 t0 s1 f1 [1|0] FailureTarget(FailedIndexes) Failed(FailedIndexes) 1F+"),
        Row("S171: backoffLimit comes first", one(.ix(2, 2, 1)),
            Tally(succeeded: 1, undecided: [fail(0), fail(0, token: 2)], completedIndexes: "1"),
            "shut Failed p0 a0 r0 t0 s1 f2 [1|-] FailureTarget(BackoffLimitExceeded) Failed(BackoffLimitExceeded) 1R+ 2R+"),
    ])
    func successAndFailure(row: Row) { row.check() }
}
