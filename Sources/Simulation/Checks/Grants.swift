import BatchAPI
import Broker

/// What may be granted, told from the Job and from what really happened: by the semantics page, not by the code that decides.
extension Truth {
    func checkGrants(_ views: [LedgerView]) {
        for grant in grants.map(\.grant) + handedOut(views) {
            guard let view = views.first(where: { $0.job.metadata.uid == grant.job }) else { continue }
            gate(view, grant)
            // A store that is only looked at now and then may not have been seen since it was rolled back.
            let isNew = last[grant.job].map { !$0.leases.contains { $0.token == grant.token } } ?? !isSampled
            if isNew, !view.isOrphaned { new(view, grant) }
        }
    }

    /// Leases that came without a claim: chunks that were handed out to slots that wait.
    private func handedOut(_ views: [LedgerView]) -> [Grant] {
        views.filter(\.job.takesItems).flatMap { view in
            let uid = view.job.metadata.uid, known = Set(last[uid]?.leases.map(\.token) ?? [])
            return view.leases.filter { $0.standing == .live && !known.contains($0.token) && granted.insert(Key(job: uid, token: $0.token)).inserted }.map {
                Grant(job: uid, token: $0.token, items: $0.items, pod: "", podUID: "", revision: "", failures: 0)
            }
        }
    }

    /// I4.
    private func gate(_ view: LedgerView, _ grant: Grant) {
        let job = view.job, name = job.metadata.name
        func refuse(_ why: String) { violate("I4", "\(name) \(grant.token): granted although the Job \(why)") }
        if view.isOrphaned { return }
        if view.isDeleted || job.metadata.deletionTimestamp != nil { refuse("is being deleted") }
        if job.spec.suspend == true { refuse("is suspended") }
        for type in ["Failed", "Complete", "FailureTarget", "SuccessCriteriaMet"] where job.status.isTrue(type) { refuse("has \(type)") }
        let clock = SimulatedClock.start + now.wholeMilliseconds
        if let start = job.status.startTime, let seconds = job.spec.activeDeadlineSeconds, clock >= start.milliseconds + Int64(seconds) * 1000 + 1000,
            last[grant.job]?.job.spec.activeDeadlineSeconds == seconds, last[grant.job]?.gate == ""
        {
            // The leader may be away when an edit brings a deadline: it tells the ledger.
            if knowsDeadline(grant.job) { refuse("is past its deadline") }
        }
    }

    /// The deadline stood since the Job was submitted.
    private func knowsDeadline(_ job: String) -> Bool { stories[job]?.hasDeadlineEdit != true }

    /// I2, and the limits of failures.
    private func new(_ view: LedgerView, _ grant: Grant) {
        let spec = view.job.spec, name = view.job.metadata.name
        let live = view.leases.count { $0.standing == .live }
        if let completions = view.job.takesItems ? view.completions : spec.completions {
            let want = min(spec.parallelism ?? 1, completions - view.succeeded)
            if live > want { violate("I2", "\(name) \(grant.token): \(live) attempts live, \(want) wanted") }
        } else {
            if live > spec.parallelism ?? 1 { violate("I2", "\(name) \(grant.token): \(live) attempts live, \(spec.parallelism ?? 1) wanted") }
            if view.succeeded > 0 { violate("R9", "\(name) \(grant.token): started after the first success") }
        }
        if spec.podReplacementPolicyText == "Failed", let items = grant.items {
            let ending = view.leases.contains { $0.standing == .keeping && $0.items?.overlaps(items) == true }
            if ending { violate("R46", "\(name) \(grant.token): started beside a terminating attempt") }
        }
        if !hasForgotten { limits(view, grant) }
    }

    private func limits(_ view: LedgerView, _ grant: Grant) {
        let spec = view.job.spec, name = view.job.metadata.name, story = stories[grant.job] ?? Story()
        let policy = FailureRules(spec.podFailurePolicy, ignoresDisruptions: story.ignoresDisruptions)
        let counted = story.failures.filter { !$0.value.isUncertain && policy.action($0.value) != "Ignore" }
        if story.failures.values.contains(where: { policy.action($0) == "FailJob" }), view.undecided == 0 {
            violate("R44", "\(name) \(grant.token): started after a FailJob match")
        }
        if let limit = spec.backoffLimitPerIndex {
            guard let index = grant.items?.lowerBound else { return }
            let failures = counted.values.filter { $0.index == index }
            if failures.count > limit { violate("R38", "\(name) \(grant.token): index \(index) had \(failures.count) failures, the limit is \(limit)") }
            if failures.contains(where: { policy.action($0) == "FailIndex" }) { violate("R38", "\(name): index \(index) started after FailIndex") }
        } else {
            if counted.count > spec.backoffLimit ?? 6, !story.hasLimitEdit {
                violate("R31", "\(name) \(grant.token): started after \(counted.count) failures, the limit is \(spec.backoffLimit ?? 6)")
            }
            if !isSampled { backOff(story, name, grant) }
        }
    }

    /// R33, R34: nothing starts before the base delay after the newest failure, unless a success came later.
    private func backOff(_ story: Story, _ name: String, _ grant: Grant) {
        guard let newest = story.failures.values.map(\.finished).max(), newest > story.newestSuccess else { return }
        let clock = SimulatedClock.start + now.wholeMilliseconds
        if clock + 2 < newest + World.backoff.podFailureBackoffBase { violate("R33", "\(name) \(grant.token): started \(clock - newest) ms after a failure") }
    }
}

/// A podFailurePolicy as the semantics page reads it (R41-R44).
struct FailureRules {
    private let rules: [Value]
    private let ignoresDisruptions: Bool

    init(_ policy: Value?, ignoresDisruptions: Bool) {
        (rules, self.ignoresDisruptions) = (policy?["rules"]?.array ?? [], ignoresDisruptions)
    }

    /// What the first rule that matches says; Count if none does.
    func action(_ failure: Story.Failure) -> String {
        if ignoresDisruptions, failure.isDisruption { return "Ignore" }
        for rule in rules {
            if rule["onPodConditions"] != nil, failure.isDisruption { return rule["action"]?.string ?? "" }
            guard let codes = rule["onExitCodes"]?["values"]?.array, let code = failure.code, code != 0 else { continue }
            if codes.contains(.int(Int64(code))) { return rule["action"]?.string ?? "" }
        }
        return "Count"
    }
}
