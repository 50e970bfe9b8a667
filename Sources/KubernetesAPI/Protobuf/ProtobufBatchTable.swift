extension ProtobufTable {
    /// Jobs and CronJobs.
    static let batchTypes: [String: Fields] = [
        "CronJob": [
            1: ("metadata", .object("ObjectMeta")), 2: ("spec", .object("CronJobSpec")), 3: ("status", .object("CronJobStatus")),
        ],
        "CronJobSpec": [
            1: ("schedule", .string), 2: ("startingDeadlineSeconds", .optional(.int64)), 3: ("concurrencyPolicy", .string),
            4: ("suspend", .optional(.bool)), 5: ("jobTemplate", .object("JobTemplateSpec")),
            6: ("successfulJobsHistoryLimit", .optional(.int32)), 7: ("failedJobsHistoryLimit", .optional(.int32)),
            8: ("timeZone", .optional(.string)),
        ],
        "CronJobStatus": [
            1: ("active", .list(.object("ObjectReference"))), 4: ("lastScheduleTime", .optional(.time)),
            5: ("lastSuccessfulTime", .optional(.time)),
        ],
        "Job": [
            1: ("metadata", .object("ObjectMeta")), 2: ("spec", .object("JobSpec")), 3: ("status", .object("JobStatus")),
        ],
        "JobCondition": [
            1: ("type", .string), 2: ("status", .string), 3: ("lastProbeTime", .time), 4: ("lastTransitionTime", .time),
            5: ("reason", .string), 6: ("message", .string),
        ],
        "JobSpec": [
            1: ("parallelism", .optional(.int32)), 2: ("completions", .optional(.int32)),
            3: ("activeDeadlineSeconds", .optional(.int64)), 4: ("selector", .optional(.object("LabelSelector"))),
            5: ("manualSelector", .optional(.bool)), 6: ("template", .object("PodTemplateSpec")),
            7: ("backoffLimit", .optional(.int32)), 8: ("ttlSecondsAfterFinished", .optional(.int32)),
            9: ("completionMode", .optional(.string)), 10: ("suspend", .optional(.bool)),
            11: ("podFailurePolicy", .optional(.object("PodFailurePolicy"))), 12: ("backoffLimitPerIndex", .optional(.int32)),
            13: ("maxFailedIndexes", .optional(.int32)), 14: ("podReplacementPolicy", .optional(.string)),
            15: ("managedBy", .optional(.string)), 16: ("successPolicy", .optional(.object("SuccessPolicy"))),
        ],
        "JobStatus": [
            1: ("conditions", .list(.object("JobCondition"))), 2: ("startTime", .optional(.time)),
            3: ("completionTime", .optional(.time)), 4: ("active", .int32), 5: ("succeeded", .int32), 6: ("failed", .int32),
            7: ("completedIndexes", .string), 8: ("uncountedTerminatedPods", .optional(.object("UncountedTerminatedPods"))),
            9: ("ready", .optional(.int32)), 10: ("failedIndexes", .optional(.string)), 11: ("terminating", .optional(.int32)),
        ],
        "JobTemplateSpec": [
            1: ("metadata", .object("ObjectMeta")), 2: ("spec", .object("JobSpec")),
        ],
        "PodFailurePolicy": [
            1: ("rules", .list(.object("PodFailurePolicyRule"))),
        ],
        "PodFailurePolicyOnExitCodesRequirement": [
            1: ("containerName", .optional(.string)), 2: ("operator", .string), 3: ("values", .list(.int32)),
        ],
        "PodFailurePolicyOnPodConditionsPattern": [
            1: ("type", .string), 2: ("status", .string),
        ],
        "PodFailurePolicyRule": [
            1: ("action", .string), 2: ("onExitCodes", .optional(.object("PodFailurePolicyOnExitCodesRequirement"))),
            3: ("onPodConditions", .list(.object("PodFailurePolicyOnPodConditionsPattern"))),
        ],
        "SuccessPolicy": [
            1: ("rules", .list(.object("SuccessPolicyRule"))),
        ],
        "SuccessPolicyRule": [
            1: ("succeededIndexes", .optional(.string)), 2: ("succeededCount", .optional(.int32)),
        ],
        "UncountedTerminatedPods": [
            1: ("succeeded", .list(.string)), 2: ("failed", .list(.string)),
        ],
    ]
}
