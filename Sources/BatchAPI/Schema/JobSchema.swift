extension Schema {
    /// The types of the batch/v1 group.
    static let jobTypes: [String: Fields] = [
        "CronJob": [
            "apiVersion": .string, "kind": .string, "metadata": .object("ObjectMeta"), "spec": .object("CronJobSpec"),
            "status": .object("CronJobStatus"),
        ],
        "CronJobSpec": [
            "concurrencyPolicy": .string, "failedJobsHistoryLimit": .int32, "jobTemplate": .object("JobTemplateSpec"),
            "schedule": .string, "startingDeadlineSeconds": .int64, "successfulJobsHistoryLimit": .int32, "suspend": .bool,
            "timeZone": .string,
        ],
        "CronJobStatus": [
            "active": .list(.object("ObjectReference")), "lastScheduleTime": .time, "lastSuccessfulTime": .time,
        ],
        "Job": [
            "apiVersion": .string, "kind": .string, "metadata": .object("ObjectMeta"), "spec": .object("JobSpec"),
            "status": .object("JobStatus"),
        ],
        "JobCondition": [
            "lastProbeTime": .time, "lastTransitionTime": .time, "message": .string, "reason": .string, "status": .string,
            "type": .string,
        ],
        "JobSpec": [
            "activeDeadlineSeconds": .int64, "backoffLimit": .int32, "backoffLimitPerIndex": .int32,
            "completionMode": .string, "completions": .int32, "managedBy": .string, "manualSelector": .bool,
            "maxFailedIndexes": .int32, "parallelism": .int32, "podFailurePolicy": .object("PodFailurePolicy"),
            "podReplacementPolicy": .string, "selector": .object("LabelSelector"), "successPolicy": .object("SuccessPolicy"),
            "suspend": .bool, "template": .object("PodTemplateSpec"), "ttlSecondsAfterFinished": .int32,
        ],
        "JobStatus": [
            "active": .int32, "completedIndexes": .string, "completionTime": .time,
            "conditions": .list(.object("JobCondition"), mergeKey: "type"), "failed": .int32, "failedIndexes": .string,
            "ready": .int32, "startTime": .time, "succeeded": .int32, "terminating": .int32,
            "uncountedTerminatedPods": .object("UncountedTerminatedPods"),
        ],
        "JobTemplateSpec": [
            "metadata": .object("ObjectMeta"), "spec": .object("JobSpec"),
        ],
        "PodFailurePolicy": [
            "rules": .list(.object("PodFailurePolicyRule")),
        ],
        "PodFailurePolicyOnExitCodesRequirement": [
            "containerName": .string, "operator": .string, "values": .list(.int32),
        ],
        "PodFailurePolicyOnPodConditionsPattern": [
            "status": .string, "type": .string,
        ],
        "PodFailurePolicyRule": [
            "action": .string, "onExitCodes": .object("PodFailurePolicyOnExitCodesRequirement"),
            "onPodConditions": .list(.object("PodFailurePolicyOnPodConditionsPattern")),
        ],
        "SuccessPolicy": [
            "rules": .list(.object("SuccessPolicyRule")),
        ],
        "SuccessPolicyRule": [
            "succeededCount": .int32, "succeededIndexes": .string,
        ],
        "UncountedTerminatedPods": [
            "failed": .list(.string), "succeeded": .list(.string),
        ],
    ]
}
