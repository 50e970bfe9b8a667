import BatchAPI

/// How the types of `Schema` are called in Kubernetes' documents.
enum OpenAPINames {
    private static let meta = "io.k8s.apimachinery.pkg.apis.meta.v1."

    /// As "io.k8s.api.batch.v1.Job".
    static func full(_ type: String) -> String { (packages[type] ?? "io.k8s.api.core.v1.") + (type.split(separator: ".").last ?? "") }

    static func reference(_ type: String) -> Value { ["$ref": .string("#/components/schemas/\(full(type))")] }

    /// The types outside of the core group.
    private static let packages: [String: String] = [
        meta: [
            "APIResource", "APIResourceList", "DeleteOptions", "FieldSelectorRequirement", "FieldsV1", "LabelSelector", "LabelSelectorRequirement",
            "ListMeta", "ManagedFieldsEntry", "MicroTime", "ObjectMeta", "OwnerReference", "Patch", "Preconditions", "ShardInfo", "Status",
            "StatusCause", "StatusDetails", "Time", "WatchEvent",
        ],
        "io.k8s.api.batch.v1.": [
            "CronJob", "CronJobList", "CronJobSpec", "CronJobStatus", "Job", "JobCondition", "JobList", "JobSpec", "JobStatus", "JobTemplateSpec",
            "PodFailurePolicy", "PodFailurePolicyOnExitCodesRequirement", "PodFailurePolicyOnPodConditionsPattern", "PodFailurePolicyRule",
            "SuccessPolicy", "SuccessPolicyRule", "UncountedTerminatedPods",
        ],
        "io.k8s.api.events.v1.": ["events.Event", "events.EventList", "events.EventSeries"],
        "io.k8s.api.coordination.v1.": ["Lease", "LeaseList", "LeaseSpec"],
        "io.k8s.api.policy.v1.": ["Eviction"],
        "io.k8s.api.authentication.v1.": ["SelfSubjectReview", "SelfSubjectReviewStatus", "UserInfo"],
        "io.k8s.api.authorization.v1.": [
            "FieldSelectorAttributes", "LabelSelectorAttributes", "NonResourceAttributes", "NonResourceRule", "ResourceAttributes", "ResourceRule",
            "SelfSubjectAccessReview", "SelfSubjectAccessReviewSpec", "SelfSubjectRulesReview", "SelfSubjectRulesReviewSpec",
            "SubjectAccessReviewStatus", "SubjectRulesReviewStatus",
        ],
        "io.k8s.apimachinery.pkg.api.resource.": ["Quantity"],
        "io.k8s.apimachinery.pkg.runtime.": ["RawExtension"],
        "io.k8s.apimachinery.pkg.util.intstr.": ["IntOrString"],
    ].reduce(into: [:]) { all, group in for type in group.value { all[type] = group.key } }
}
