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
        undecided = state.undecided.map { Outcome($0) }
        guard state.job.spec.isIndexed else { return }
        completedIndexes = indexes.completed
        failedIndexesText = indexes.failed
    }
}

extension Outcome {
    init(_ pod: PodRecord) {
        self.init(
            token: pod.token, index: pod.index, pod: pod.name, finishedAt: pod.finished ?? pod.created, exitCode: pod.exitCode,
            isDisruption: !pod.disruption.isEmpty, indexFailures: pod.failures)
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
        (status, watermark, nextLook) = (plan.status, indexes.watermark, plan.nextLook)
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
