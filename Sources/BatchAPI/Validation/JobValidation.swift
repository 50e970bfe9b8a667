/// The rules that a Job must keep (V1-V25). Jobs are to be defaulted first (`JobDefaults`).
public enum JobValidation {
    /// V8, V9: what an Indexed Job may hold.
    static let maximumIndexedParallelism = 100_000
    static let completionsSoftLimit = 100_000
    static let limitAboveSoftLimit = 10_000
    /// V23.
    static let maximumManagedByBytes = 63

    /// What is wrong with a Job that is to be created; empty if nothing is.
    public static func validate(create job: Job) -> [FieldError] { validateWhole(job, needsPrefixedLabels: true) }

    static func validateWhole(_ job: Job, needsPrefixedLabels: Bool) -> [FieldError] {
        var list = ErrorList()
        list.add(MetadataValidation.validate(job.metadata, ownLabels: ownLabels(job)))
        list.add(ShareValidation.validate(job.metadata.annotations))
        list.add(SelectorValidation.validateGenerated(job, needsPrefixedLabels: needsPrefixedLabels))
        list.add(validateSpec(job.spec))
        list.add(validateHostName(job))
        return list.errors
    }

    /// Warnings that come with an accepted create (V7, V9), in the words of the `Warning` header.
    public static func warnings(create job: Job) -> [String] {
        var warnings: [String] = []
        let problems = NameRules.dnsLabel(job.metadata.name)
        if !problems.isEmpty {
            let list = problems.joined(separator: " ")
            warnings.append(
                "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [\(list)]")
        }
        return warnings + specWarnings(job.spec)
    }

    /// The warning of V9, given on create and on an update that changes the generation.
    public static func specWarnings(_ spec: JobSpec) -> [String] {
        guard spec.isIndexed, spec.backoffLimitPerIndex == nil, spec.completions ?? 0 > completionsSoftLimit,
            spec.parallelism ?? 0 > limitAboveSoftLimit
        else { return [] }
        return [
            "spec: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail"
        ]
    }

    /// The server copies a template's generated labels only after it has checked the Job's own (S272); where the
    /// template had labels of its own it checks all of them.
    private static func ownLabels(_ job: Job) -> [String: String] {
        let generated = JobLabels.generated(name: job.metadata.name, uid: job.metadata.uid)
        return job.metadata.labels == generated ? [:] : job.metadata.labels
    }

    static func validateSpec(_ spec: JobSpec) -> [FieldError] {
        var list = ErrorList()
        list.add(validateNumbers(spec))
        list.add(validateManagedBy(spec.managedBy))
        list.add(IndexedRules.validate(spec))
        if let policy = spec.podFailurePolicy { list.add(PodFailurePolicyValidation.validate(policy, spec)) }
        if let policy = spec.successPolicy { list.add(SuccessPolicyValidation.validate(policy, spec)) }
        list.add(validateReplacementPolicy(spec))
        list.add(PodTemplateValidation.validate(spec.template))
        list.add(validateRestartPolicy(spec))
        list.add(SelectorValidation.validate(spec))
        return list.errors
    }

    private static func validateNumbers(_ spec: JobSpec) -> [FieldError] {
        var list = ErrorList()
        list.nonNegative("spec.parallelism", spec.parallelism)
        list.nonNegative("spec.completions", spec.completions)
        list.nonNegative("spec.activeDeadlineSeconds", spec.activeDeadlineSeconds)
        list.nonNegative("spec.backoffLimit", spec.backoffLimit)
        list.nonNegative("spec.ttlSecondsAfterFinished", spec.ttlSecondsAfterFinished)
        list.nonNegative("spec.backoffLimitPerIndex", spec.backoffLimitPerIndex)
        list.nonNegative("spec.maxFailedIndexes", spec.maxFailedIndexes)
        return list.errors
    }

    /// V23.
    private static func validateManagedBy(_ managedBy: String?) -> [FieldError] {
        guard let managedBy else { return [] }
        let field = "spec.managedBy"
        var list = ErrorList()
        let parts = managedBy.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if managedBy.isEmpty {
            list.add(.required(field))
        } else if parts.count != 2 || parts[0].isEmpty || parts[1].isEmpty {
            list.add(.invalid(field, .string(managedBy), "must be a domain-prefixed path (such as \"acme.io/foo\")"))
        } else {
            list.invalid(field, String(parts[0]), NameRules.dnsSubdomain(String(parts[0])))
            let isPath = parts[1].utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}#?".utf8.contains($0) }
            if !isPath { list.add(.invalid(field, .string(String(parts[1])), "Invalid path")) }
        }
        if managedBy.utf8.count > maximumManagedByBytes { list.add(.tooLong(field, limit: maximumManagedByBytes)) }
        return list.errors
    }

    /// V19.
    private static func validateReplacementPolicy(_ spec: JobSpec) -> [FieldError] {
        let supported = spec.podFailurePolicy == nil ? ["Failed", "TerminatingOrFailed"] : ["Failed"]
        var list = ErrorList()
        list.oneOf("spec.podReplacementPolicy", spec.podReplacementPolicyText, supported)
        return list.errors
    }

    /// V3.
    private static func validateRestartPolicy(_ spec: JobSpec) -> [FieldError] {
        let field = "spec.template.spec.restartPolicy"
        switch spec.template.spec.restartPolicy ?? "" {
        case "", "Always": return [.required(field, "valid values: \"OnFailure\", \"Never\"")]
        case "Never": return []
        case "OnFailure":
            guard spec.podFailurePolicy != nil else { return [] }
            return [.invalid(field, "OnFailure", "only \"Never\" is supported when podFailurePolicy is specified")]
        case let other: return [.notSupported(field, other, ["OnFailure", "Never"])]
        }
    }

    /// V7: the pod of the last index must have a valid host name.
    private static func validateHostName(_ job: Job) -> [FieldError] {
        guard job.spec.isIndexed, let completions = job.spec.completions, completions > 0 else { return [] }
        let hostName = "\(job.metadata.name)-\(completions - 1)"
        guard !NameRules.dnsLabel(hostName).isEmpty else { return [] }
        let detail = "will not able to create pod with invalid DNS label: \(hostName)"
        return [.invalid("metadata.name", .string(job.metadata.name), detail)]
    }
}
