extension OpenAPITexts {
    static let job = [
        "Job": "Runs pods until a number of them has succeeded, and starts new ones in place of those that failed.",
        "Job.spec": "What is to run and when it counts as done or failed.",
        "Job.status": "How far the Job has come. Written by Drover.",
        "JobSpec": "What a Job runs, how many times, how many at once, and how often it may fail.",
        "JobSpec.activeDeadlineSeconds":
            "How many seconds the Job may take, counted from status.startTime with all waiting. Then its pods are stopped and it fails with reason DeadlineExceeded, whatever retries are left. Resuming a suspended Job starts the clock anew. Unset: no limit.",
        "JobSpec.backoffLimit":
            "So many pods may fail, retried after 10 s, 20 s, 40 s and so on up to 10 minutes; one more, and the Job fails with reason BackoffLimitExceeded. With restartPolicy OnFailure, restarts in running pods count too. 6 if unset, or no limit next to backoffLimitPerIndex.",
        "JobSpec.backoffLimitPerIndex":
            "How often each index may be retried, on its own back-off, before it is given up and stands in status.failedIndexes while the others go on. Only for completionMode Indexed; can't be changed.",
        "JobSpec.completionMode":
            "NonIndexed (the default): any pod that succeeds counts. Indexed: each pod works on one index from 0 to completions-1, which it finds in the environment variable JOB_COMPLETION_INDEX, and the Job is done when each index has succeeded once. Can't be changed.",
        "JobSpec.completions":
            "How many pods must succeed. If unset next to a set parallelism, one success is enough and no new pod is started after it (a work queue). If neither is set, both are 1. With Indexed it must be set, and may later change only together with parallelism, to the same number.",
        "JobSpec.managedBy":
            "Which controller runs the Job, as DOMAIN/NAME. Unset or kubernetes.io/job-controller: Drover. Jobs of any other are stored and left alone, so that a program outside can run them. Can't be changed.",
        "JobSpec.manualSelector":
            "true: take selector as it is written and put no generated labels on the pods; their labels must then belong to no other Job. Leave it unset unless you must.",
        "JobSpec.maxFailedIndexes":
            "How many indexes may be given up: one more, and the Job fails at once with reason MaxFailedIndexesExceeded. Unset: the others run to their end first. Needs backoffLimitPerIndex.",
        "JobSpec.parallelism": "How many pods may run at the same time; 1 if unset. 0 stops all pods without suspending the Job. May be changed at any time.",
        "JobSpec.podFailurePolicy":
            "What a failed pod means, by exit code or pod condition: count it, ignore it, give up its index, or fail the Job at once. Without it each failure counts against backoffLimit. Needs restartPolicy Never; can't be changed.",
        "JobSpec.podReplacementPolicy":
            "When a replacement for a pod that is being stopped may start. TerminatingOrFailed (the default): at once. Failed: when it has really ended; the only choice next to podFailurePolicy.",
        "JobSpec.selector":
            "Which pods belong to the Job. Filled in by Drover with the label batch.kubernetes.io/controller-uid; leave it unset unless manualSelector is true.",
        "JobSpec.successPolicy":
            "When the Job may be called done before all its indexes are. Only for completionMode Indexed; can't be changed. Unset: all indexes must succeed.",
        "JobSpec.suspend":
            "true: no pod runs; those that do are stopped and don't count as failed. Set it to false to go on, with a new start time. Handy to queue Jobs that somebody else releases.",
        "JobSpec.template":
            "The pod that is made for each try. Its restartPolicy must be Never or OnFailure. Can't be changed, except where it may run and what it needs while the Job is suspended.",
        "JobSpec.ttlSecondsAfterFinished":
            "How many seconds after its end, done or failed, the Job is deleted together with its pods and their logs. 0: at once. Unset: it stays until somebody deletes it. May still be changed after the end.",
    ]

    static let jobStatus = [
        "JobStatus": "What has become of the Job so far.",
        "JobStatus.active": "Pods that wait or run, without those that are being stopped.",
        "JobStatus.completedIndexes": "Indexes that have succeeded, as ranges: \"1,3-5,7\". Only for completionMode Indexed.",
        "JobStatus.completionTime": "When the Job became Complete. Never set for one that failed.",
        "JobStatus.conditions":
            "What holds for the Job: Complete or Failed at its end; before it SuccessCriteriaMet or FailureTarget, while the last pods are stopped; Suspended while it is suspended. The reason names the cause.",
        "JobStatus.failed": "Pods that count as failed. Never gets smaller.",
        "JobStatus.failedIndexes": "Indexes that were given up, as ranges. Only where backoffLimitPerIndex is set.",
        "JobStatus.ready": "Active pods whose condition Ready is True.",
        "JobStatus.startTime": "When the Job first began, or was last resumed. Empty while it is suspended.",
        "JobStatus.succeeded": "Pods that succeeded; with completionMode Indexed, indexes that did.",
        "JobStatus.terminating": "Pods that are being stopped.",
        "JobStatus.uncountedTerminatedPods": "Pods that ended and are not yet in the numbers above. Drover counts in one step, so this is always empty.",
        "JobCondition": "Something that holds, or does not hold, for a Job.",
        "JobCondition.lastProbeTime": "When this was last looked at.",
        "JobCondition.lastTransitionTime": "When the status last changed.",
        "JobCondition.message": "The cause in a sentence.",
        "JobCondition.reason": "The cause in one word, as BackoffLimitExceeded, DeadlineExceeded or CompletionsReached.",
        "JobCondition.status": "True, False or Unknown.",
        "JobCondition.type": "Complete, Failed, SuccessCriteriaMet, FailureTarget or Suspended; other programs may add types of their own.",
        "UncountedTerminatedPods": "Ended pods that are not counted yet.",
        "UncountedTerminatedPods.failed": "uids of those that failed.",
        "UncountedTerminatedPods.succeeded": "uids of those that succeeded.",
    ]

    static let jobPolicies = [
        "PodFailurePolicy": "What failed pods mean.",
        "PodFailurePolicy.rules": "Tried in order for each failed pod; the first that fits decides. A pod that none fits counts as an ordinary failure. At most 20.",
        "PodFailurePolicyRule": "An action for pods that failed in a certain way: by onExitCodes or by onPodConditions, one of the two.",
        "PodFailurePolicyRule.action":
            "FailJob: the Job fails at once with reason PodFailurePolicy. FailIndex: this pod's index is given up (needs backoffLimitPerIndex). Ignore: try again without counting it. Count: an ordinary failure, counted against the limits.",
        "PodFailurePolicyRule.onExitCodes": "Fits by the exit code of a container.",
        "PodFailurePolicyRule.onPodConditions": "Fits if the pod has any of these conditions. At most 20.",
        "PodFailurePolicyOnExitCodesRequirement": "Looks at containers that ended with a code other than 0.",
        "PodFailurePolicyOnExitCodesRequirement.containerName": "Only this container, or init container, of the template. Unset: any of them.",
        "PodFailurePolicyOnExitCodesRequirement.operator": "In: a failed container's code is one of the values. NotIn: it is none of them.",
        "PodFailurePolicyOnExitCodesRequirement.values": "1 to 255 codes in ascending order, each once; 0 may not stand here with operator In. A process killed by signal N ends with 128+N.",
        "PodFailurePolicyOnPodConditionsPattern": "A pod condition to look for.",
        "PodFailurePolicyOnPodConditionsPattern.status": "True (the default), False or Unknown.",
        "PodFailurePolicyOnPodConditionsPattern.type": "The condition's type. DisruptionTarget marks pods that were lost with their worker, evicted or pushed aside: no fault of the program.",
        "SuccessPolicy": "When an Indexed Job may be called done early.",
        "SuccessPolicy.rules":
            "Tried in order as indexes succeed. Once one holds, the Job gets the condition SuccessCriteriaMet, its remaining pods are stopped, and it ends Complete. 1 to 20 rules.",
        "SuccessPolicyRule": "Which indexes must have succeeded, how many, or how many of which. At least one of the two fields.",
        "SuccessPolicyRule.succeededCount": "So many indexes must have succeeded: of succeededIndexes where that is set, else of all.",
        "SuccessPolicyRule.succeededIndexes": "The indexes that matter, as ranges: \"0,2-4\". Without succeededCount, all of them must have succeeded.",
    ]
}
