import BatchAPI
import Broker
import JobController

/// One look at one Job: reads its ledger, lets the policy decide, writes the decision, carries on what it began.
struct JobReconciler {
    let broker: any Broker
    let policy: Options
    let epoch: Int64
    var metrics = JobMetrics()
    /// How often a decision is made anew because the ledger moved under it, before others get their turn.
    private static let tries = 8
    private static let placed = 1000

    func reconcile(_ uid: String) async throws(BrokerError) {
        for _ in 0..<Self.tries {
            guard let state = try await broker.state(uid: uid) else { return }
            if state.isDeleted {
                try await sweep(uid)
                return try await PendingPods(broker: broker, epoch: epoch).explain(state)
            }
            // What a shrink cuts off goes before anything is decided by the counters.
            if state.isCuttingOff { try await sweep(uid) }
            let start = metrics.clock()
            do throws(BrokerError) {
                let (action, goesOn) = try await decide(uid, state)
                metrics.synced(state.job, action, isSuccess: true, since: start)
                if goesOn { continue }
                return
            } catch {
                metrics.synced(state.job, .reconciling, isSuccess: false, since: start)
                if error.code == .notFound { return }
                guard error.code == .stale else { throw error }
            }
        }
        try await broker.remind(uid: uid, at: Timestamp(milliseconds: 0))
    }

    /// - Returns: what it came to, and whether there is more to decide at once.
    private func decide(_ uid: String, _ state: LedgerState) async throws(BrokerError) -> (action: JobMetrics.Action, goesOn: Bool) {
        if state.isCuttingOff { return (.podsDeleted, true) }
        if state.strays > 0, try await adopt(state) { return (.reconciling, true) }
        if state.hasExtras, state.job.goesOn, try await PodAdoption(broker: broker, epoch: epoch, job: state.job).mend() { return (.podsDeleted, true) }
        let removal = JobRemoval(broker: broker, epoch: epoch)
        // With its last pod it goes, whatever it would still come to.
        if state.isBlind, state.active + state.terminating + state.undecided.count == 0, try await removal.goOn(state.job) { return (.reconciling, true) }
        let indexes = IndexWindow(state)
        let plan = JobController.reconcile(state.job, Tally(state, indexes), options: policy.with(state.settings), now: state.now)
        if plan.deletesJob {
            try await removal.begin(state.job, now: state.now)
            metrics.expired(state.job, now: state.now)
            return (.reconciling, true)
        }
        var decision = Decision(plan, state, indexes, epoch: epoch)
        // The status tells of the attempts that stay: surplus goes first. Failed indexes below the watermark stand in the status alone.
        let hasSurplus = plan.gate == .open && state.active > plan.permits
        if hasSurplus { (decision.status, decision.watermark, decision.stragglers) = (nil, state.watermark, nil) }
        try await spread(state)
        try await broker.decide(decision)
        metrics.decided(plan, decision, state)
        if hasSurplus {
            try await sweep(uid)
            return (.podsDeleted, true)
        }
        let sweeps = needsSweep(plan, state)
        if sweeps { try await sweep(uid) }
        if try await place(uid, plan, state) { return (.podsCreated, true) }
        let areMissing = plan.gate == .open && plan.permits > Self.placed && state.active == 0
        try await PendingPods(broker: broker, epoch: epoch).explain(state, areMissing: areMissing)
        let action: JobMetrics.Action = sweeps ? .podsDeleted : plan.status == state.job.status ? .reconciling : .tracking
        if try await removal.goOn(state.job) { return (action, true) }
        return (action, state.undecided.count >= 500)
    }

    /// Who is in which domain must be known before the gate opens.
    private func spread(_ state: LedgerState) async throws(BrokerError) {
        if state.isExternal || state.job.status.isFinished { return }
        let terms = PlacementTerms(state.job.spec.template)
        if TopologySpread.required(terms).isEmpty { return }
        let domains = TopologySpread.domains(terms, try await broker.nodes().map(\.placement))
        try await broker.spread(uid: state.job.metadata.uid, epoch: epoch, domains)
    }

    /// Pods that are the Job's but not in its ledger come first (R3).
    private func adopt(_ state: LedgerState) async throws(BrokerError) -> Bool {
        let job = state.job, adoption = PodAdoption(broker: broker, epoch: epoch, job: job)
        guard job.metadata.deletionTimestamp == nil, !job.spec.isManagedElsewhere else { return false }
        if !job.status.isFinished { return try await adoption.run() }
        try await adoption.clean()
        return false
    }

    private func needsSweep(_ plan: Plan, _ state: LedgerState) -> Bool {
        let begins = plan.cut != nil || plan.ends || plan.blinds && !state.isBlind
        return begins || state.needsSweep || state.kept > 0 || state.active + state.undecided.count > plan.permits
    }

    private func sweep(_ uid: String) async throws(BrokerError) {
        while try await broker.sweep(uid: uid, epoch: epoch) > 0 { await Task.yield() }
    }

    /// Pods for agents outside stand Pending as soon as they may start, those for workers once nobody has claimed for a second. Of a Job
    /// with more than `placed` at once they are only counted, and so are those that no client sees.
    /// - Returns: whether there are new ones.
    private func place(_ uid: String, _ plan: Plan, _ state: LedgerState) async throws(BrokerError) -> Bool {
        let missing = plan.permits - state.active
        guard plan.gate == .open, missing > 0 else { return false }
        guard state.isExternal || plan.permits <= Self.placed && !state.settings.yieldsPlace else { return false }
        return try await broker.place(uid: uid, epoch: epoch, limit: missing) > 0
    }
}

extension Job {
    /// Neither ending, nor suspended, nor being deleted.
    fileprivate var goesOn: Bool {
        metadata.deletionTimestamp == nil && spec.suspend != true && !status.isFinished && !status.isTrue("FailureTarget")
            && !status.isTrue("SuccessCriteriaMet")
    }
}

extension Options {
    /// The options of a Job with settings of its own.
    func with(_ settings: LedgerSettings) -> Self {
        var options = self
        options.retryDelay = settings.retryDelay.map { Int64($0) }
        (options.ignoresDisruptions, options.countsAtOnce) = (settings.ignoresDisruptions, settings.yieldsPlace)
        return options
    }
}
