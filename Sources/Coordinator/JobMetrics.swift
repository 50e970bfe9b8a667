import BatchAPI
import Broker
import JobController
import Metrics

/// Counts what the leader does, under the names of Kubernetes' job controller (R112). The leader's own counts: they begin with it.
struct JobMetrics: Sendable {
    /// What a look at a Job came to.
    enum Action: String { case reconciling, tracking, podsCreated = "pods_created", podsDeleted = "pods_deleted" }

    var factory: any MetricsFactory = NOOPMetricsHandler.instance
    /// Monotonic.
    var clock: @Sendable () -> Duration = { .zero }
    private static let prefix = "job_controller_"

    /// A Job was looked at.
    func synced(_ job: Job, _ action: Action, isSuccess: Bool, since start: Duration) {
        let labels = [("completion_mode", Self.mode(job)), ("result", isSuccess ? "success" : "error"), ("action", action.rawValue)]
        count("job_syncs_total", labels)
        Metrics.Timer(label: Self.prefix + "job_sync_duration_seconds", dimensions: labels, factory: factory).record(duration: clock() - start)
    }

    /// A decision was taken over by the ledger.
    func decided(_ plan: Plan, _ decision: Decision, _ state: LedgerState) {
        for action in plan.verdicts.compactMap(\.policyAction) { count("pod_failures_handled_by_failure_policy_total", [("action", action)]) }
        if plan.gate == .shut("ManagedBy"), state.gate != decision.gate {
            count("jobs_by_external_controller_total", [("controller_name", state.job.spec.managedBy ?? "")])
        }
        guard let status = decision.status else { return }
        countPods(state.job, from: state.job.status, to: status)
        if state.job.spec.isIndexed { countIndexes(state.job, plan, succeeded: status.succeeded - state.job.status.succeeded) }
        if status.isFinished, !state.job.status.isFinished { countEnd(state.job, status) }
    }

    /// The ledger takes a pod's finalizer off in the step that counts it: both are one event.
    private func countPods(_ job: Job, from old: JobStatus, to new: JobStatus) {
        let mode = ("completion_mode", Self.mode(job)), succeeded = max(0, new.succeeded - old.succeeded), failed = max(0, new.failed - old.failed)
        count("job_pods_finished_total", [mode, ("result", "succeeded")], succeeded)
        count("job_pods_finished_total", [mode, ("result", "failed")], failed)
        for event in ["add", "delete"] { count("terminated_pods_tracking_finalizer_total", [("event", event)], succeeded + failed) }
    }

    private func countIndexes(_ job: Job, _ plan: Plan, succeeded: Int) {
        let limit = ("backoffLimit", job.spec.backoffLimitPerIndex == nil ? "global" : "perIndex")
        count("job_finished_indexes_total", [("status", "succeeded"), limit], max(0, succeeded))
        count("job_finished_indexes_total", [("status", "failed"), limit], plan.verdicts.count { $0.fate == .failIndex })
    }

    private func countEnd(_ job: Job, _ status: JobStatus) {
        let hasFailed = status.isTrue("Failed"), end = status.condition(hasFailed ? "Failed" : "Complete")
        let labels = [("completion_mode", Self.mode(job)), ("result", hasFailed ? "failed" : "succeeded"), ("reason", end?.reason ?? "")]
        count("jobs_finished_total", labels)
    }

    /// A Job is being deleted, so long after the end of its time to live (R70).
    func expired(_ job: Job, now: Timestamp) {
        let end = job.status.conditions.first { $0.isTrue && ["Complete", "Failed"].contains($0.type) }?.lastTransitionTime
        guard let end, let ttl = job.spec.ttlSecondsAfterFinished else { return }
        let label = "ttl_after_finished_controller_job_deletion_duration_seconds"
        Metrics.Timer(label: label, factory: factory).record(duration: max(.zero, now - end.advanced(by: .seconds(ttl))))
    }

    private func count(_ name: String, _ labels: [(String, String)], _ number: Int = 1) {
        if number > 0 { Counter(label: Self.prefix + name, dimensions: labels, factory: factory).increment(by: number) }
    }

    private static func mode(_ job: Job) -> String { job.spec.completionMode.rawValue }
}
