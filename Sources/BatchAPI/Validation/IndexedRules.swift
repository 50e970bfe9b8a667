/// Completion mode and what hangs on it (V2, V8-V10).
enum IndexedRules {
    static func validate(_ spec: JobSpec) -> [FieldError] {
        var list = ErrorList()
        list.oneOf("spec.completionMode", spec.completionModeText, ["NonIndexed", "Indexed"])
        switch spec.completionModeText {
        case "Indexed": list.add(validateIndexed(spec))
        case nil, "NonIndexed": list.add(validateNonIndexed(spec))
        default: break
        }
        if spec.maxFailedIndexes != nil, spec.backoffLimitPerIndex == nil {
            list.add(.required("spec.backoffLimitPerIndex", "when maxFailedIndexes is specified"))
        }
        return list.errors
    }

    private static func validateNonIndexed(_ spec: JobSpec) -> [FieldError] {
        var list = ErrorList()
        if let limit = spec.backoffLimitPerIndex {
            list.invalid("spec.backoffLimitPerIndex", limit, "requires indexed completion mode")
        }
        if let maximum = spec.maxFailedIndexes {
            list.invalid("spec.maxFailedIndexes", maximum, "requires indexed completion mode")
        }
        return list.errors
    }

    private static func validateIndexed(_ spec: JobSpec) -> [FieldError] {
        var list = ErrorList()
        let limit = JobValidation.maximumIndexedParallelism
        if spec.completions == nil { list.add(.required("spec.completions", "when completion mode is Indexed")) }
        if let parallelism = spec.parallelism, parallelism > limit {
            list.invalid("spec.parallelism", parallelism, "must be less than or equal to \(limit) when completion mode is Indexed")
        }
        if let maximum = spec.maxFailedIndexes {
            if let completions = spec.completions, maximum > completions {
                list.invalid("spec.maxFailedIndexes", maximum, "must be less than or equal to completions")
            }
            if maximum > limit { list.invalid("spec.maxFailedIndexes", maximum, "must be less than or equal to \(limit)") }
        }
        if spec.completions ?? 0 > JobValidation.completionsSoftLimit, spec.backoffLimitPerIndex != nil {
            list.add(validateLarge(spec))
        }
        return list.errors
    }

    /// V9.
    private static func validateLarge(_ spec: JobSpec) -> [FieldError] {
        var list = ErrorList()
        let (soft, limit) = (JobValidation.completionsSoftLimit, JobValidation.limitAboveSoftLimit)
        let detail = "must be less than or equal to \(limit) when completions are above \(soft) and used with backoff limit per index"
        if spec.maxFailedIndexes == nil {
            list.add(.required("spec.maxFailedIndexes", "must be specified when completions is above \(soft)"))
        }
        if let parallelism = spec.parallelism, parallelism > limit { list.invalid("spec.parallelism", parallelism, detail) }
        if let maximum = spec.maxFailedIndexes, maximum > limit { list.invalid("spec.maxFailedIndexes", maximum, detail) }
        return list.errors
    }
}
