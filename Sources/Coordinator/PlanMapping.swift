import BatchAPI
import Broker
import JobController

extension Tally {
    /// What the policy needs to know of a ledger.
    init(_ state: LedgerState, _ indexes: IndexWindow) {
        self.init()
        (active, ready, terminating) = (state.active, state.ready, state.terminating)
        (succeeded, failed, restarts, failedIndexes) = (state.succeeded, state.failed, state.restarts, state.failedIndexes)
        (failuresSinceSuccess, newestSuccess, notBefore) = (state.failuresSinceSuccess, state.newestSuccess, state.notBefore)
        (late, kept, isBlind) = (state.late, state.kept, state.isBlind)
        undecided = state.undecided.map { Outcome($0, state.job.spec.template.spec) }
        guard state.job.spec.isIndexed else { return }
        completedIndexes = indexes.completed
        failedIndexesText = indexes.failed
    }
}

extension Outcome {
    init(_ pod: PodRecord, _ template: PodSpec) {
        self.init(
            token: pod.token, index: pod.index, pod: pod.name, finishedAt: pod.failedAt ?? pod.finished ?? pod.created, indexFailures: pod.failures,
            indexIgnores: pod.ignores)
        if let status = pod.status {
            let facts = PodFacts(status: status, spec: pod.spec.map { PodSpec($0) } ?? template)
            (exits, conditions) = (facts.exits.map { Exit($0.container, $0.code) }, facts.conditions)
        } else if !pod.states.isEmpty {
            // Regular containers before init containers (R42).
            let names = (template.containers + template.initContainers).map(\.name)
            exits = names.compactMap { name in pod.states.first { $0.name == name }.map { Exit(name, $0.exit?.code) } }
            if !pod.disruption.isEmpty { conditions = ["DisruptionTarget": "True"] }
        } else {
            exits = [Exit(pod.container.isEmpty ? template.containers.first?.name ?? "" : pod.container, pod.exitCode)]
            if !pod.disruption.isEmpty { conditions = ["DisruptionTarget": "True"] }
        }
    }
}

extension Decision {
    init(_ plan: Plan, _ state: LedgerState, _ indexes: IndexWindow, epoch: Int64) {
        self.init(uid: state.job.metadata.uid, epoch: epoch, version: state.version)
        switch plan.gate {
        case .open: gate = ""
        case .shut(let reason): gate = reason
        }
        (permits, deadline, notBefore, failuresSinceSuccess) = (plan.permits, plan.deadline, plan.notBefore, plan.failuresSinceSuccess)
        seenSuccess = state.newestSuccess ?? Timestamp(milliseconds: 0)
        if plan.cut != nil || plan.status.isFinished {
            census = Census(active: state.active, terminating: state.terminating, succeeded: state.succeeded)
        }
        verdicts = plan.verdicts.map { Verdict($0) }
        cut = plan.cut.map { $0 == .counted }
        (ends, blinds) = (plan.ends, plan.blinds)
        events = plan.events.map { Event(type: $0.type, reason: $0.reason, message: $0.message) }
        items = state.items
        (status, watermark, nextLook) = (plan.status, indexes.watermark, plan.nextLook)
        if indexes.stragglers != state.stragglers || !state.failedStragglers.isEmpty { stragglers = indexes.stragglers }
    }
}

extension Decision.Verdict {
    init(_ verdict: Verdict) {
        let fate: Fate =
            switch verdict.fate {
            case .retry: .retry
            case .failIndex: .failIndex
            case .drop: .drop
            }
        self.init(token: verdict.token, fate: fate, isCounted: verdict.isCounted, notBefore: verdict.notBefore)
    }
}
