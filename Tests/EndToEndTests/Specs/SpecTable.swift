/// Kubernetes' own end-to-end specs of Jobs and of their time to live, and what does the same here: recorded scenarios, which are replayed, and
/// tests by suite and name.
enum SpecTable {
    static let tests: [String: [String]] = [
        "Job should adopt matching orphans and release non-matching pods": ["S038"],
        "Job should allow to delegate reconciliation to external controller": ["S026"],
        "Job should allow to use a pod failure policy to ignore failure matching on DisruptionTarget condition": ["S151", "SpecPodTests.evictionIsIgnored"],
        "Job should allow to use a pod failure policy to ignore failure matching on exit code": ["S142", "SpecPodTests.exitCodeIsIgnored"],
        "Job should allow to use the pod failure policy on exit code to fail the job early": ["S136", "S138"],
        "Job should allow updating pod resources for a job that started and then was suspended": ["S089"],
        "Job should allow updating pod resources for a suspended job": ["SpecTests.resourcesOfASuspendedJob"],
        "Job should apply changes to a job status": ["SpecTests.statusIsChanged"],
        "Job should create pods for an Indexed job with completion indexes and specified hostname": ["S054", "SpecPodTests.indexesAndHostNames"],
        "Job should create pods with completion indexes for an Indexed Job": ["S054", "SpecPodTests.indexesAndHostNames"],
        "Job should delete a job": ["S200b", "MatrixCoreTests.deletes"],
        "Job should delete pods when suspended": ["S078", "SpecTests.readyIsCounted"],
        "Job should execute all indexes despite some failing when using backoffLimitPerIndex": ["S155", "S160"],
        "Job should fail to exceed backoffLimit": ["S124"],
        "Job should fail when exceeds active deadline": ["S125"],
        "Job should manage the lifecycle of a job": ["S230", "SpecTests.lifecycle"],
        "Job should mark indexes as failed when the FailIndex action is matched in podFailurePolicy": ["S156"],
        "Job should not create pods when created in suspend state": ["S077", "S081"],
        "Job should record the failure-count in the Pod annotation when using backoffLimitPerIndex": ["SpecPodTests.failureCount"],
        "Job should recreate pods only after they have failed if pod replacement policy is set to Failed": ["S184"],
        "Job should remove pods when job is deleted": ["S200b", "MatrixCoreTests.deletes"],
        "Job should run a job to completion when tasks sometimes fail and are locally restarted": ["S122", "SpecPodTests.restartedInPlace"],
        "Job should run a job to completion when tasks sometimes fail and are not locally restarted": ["SpecPodTests.replaced"],
        "Job should run a job to completion when tasks succeed": ["S013", "MatrixCoreTests.makesAndReads"],
        "Job should terminate job execution when the number of failed indexes exceeds maxFailedIndexes": ["S161"],
        "Job should update the status ready field": ["S215", "SpecTests.readyIsCounted"],
        "Job with successPolicy should succeeded when all indexes succeeded": ["SpecTests.successPolicies"],
        "Job with successPolicy succeededCount rule should succeeded even when some indexes remain pending": ["S175a", "SpecTests.successPolicies"],
        "Job with successPolicy succeededIndexes rule should succeeded even when some indexes remain pending": ["S174a", "SpecTests.successPolicies"],
        "TTLAfterFinished job should be deleted once it finishes after TTL seconds": ["S197", "S198"],
    ]

    /// Those that nothing here stands for, each with its reason.
    static let reasons: [String: String] = [
        "Job containers restarted by container restart policy should not trigger PodFailurePolicy": "containers have no restart rules of their own here",
        "Job should create Workload and PodGroup for gang-eligible Job": "an alpha API, off by default",
        "Job should run a job to completion with CPU requests": "requests are kept and shown, nothing is reserved",
    ]
    static let cronJobs = "CronJob "
}
