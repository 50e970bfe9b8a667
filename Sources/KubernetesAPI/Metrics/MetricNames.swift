/// What is known of the names that are counted.
enum MetricNames {
    /// Upper bounds, in seconds.
    static func buckets(_ name: String) -> [Double] {
        switch name {
        case "job_controller_job_sync_duration_seconds": (0..<15).map { 0.004 * Double(1 << $0) }
        case "ttl_after_finished_controller_job_deletion_duration_seconds": (0..<14).map { 0.1 * Double(1 << $0) }
        default: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
        }
    }

    static func help(_ name: String) -> String { texts[name] ?? name }

    private static let texts = [
        "apiserver_request_total": "Requests answered, by verb, resource and code.",
        "apiserver_request_duration_seconds": "Time until a request was answered; of watches and followed logs, until they began.",
        "apiserver_longrunning_requests": "Watches and followed logs that are open.",
        "apiserver_current_inflight_requests": "Requests under way, without watches and followed logs.",
        "drover_agenda_length": "Jobs on the leader's agenda, due or not.",
        "drover_claims_total": "Leases granted.",
        "drover_items": "Work items and attempts, by state.",
        "drover_jobs": "Jobs, by what holds them up; Running where nothing does.",
        "drover_leases_expired_total": "Leases lost with their node.",
        "drover_metrics_series_refused_total": "Series beyond the thousand of their name, which are not shown.",
        "drover_nodes": "Nodes that are registered.",
        "drover_reports_total": "Reports of attempts that have ended, by how.",
        "drover_store_up": "Whether the store told its figures.",
        "job_controller_job_finished_indexes_total": "Indexes that have finished, by how and by whose backoffLimit.",
        "job_controller_job_pods_creation_total": "Pods created, by why.",
        "job_controller_job_pods_finished_total": "Finished pods that were counted.",
        "job_controller_job_sync_duration_seconds": "Time that a look at a Job took.",
        "job_controller_job_syncs_total": "Looks at Jobs.",
        "job_controller_jobs_by_external_controller_total": "Jobs that are managed by others.",
        "job_controller_jobs_finished_total": "Jobs that have finished, by how and why.",
        "job_controller_pod_failures_handled_by_failure_policy_total": "Failed pods that met a rule of a podFailurePolicy, by its action.",
        "job_controller_terminated_pods_tracking_finalizer_total": "Terminated pods that got, or lost, the tracking finalizer.",
        "ttl_after_finished_controller_job_deletion_duration_seconds": "Time between the end of a Job's time to live and its deletion.",
    ]
}
