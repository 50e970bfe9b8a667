/// What a status write of any client must keep to (V24).
public enum JobStatusValidation {
    /// What is wrong with replacing the stored status by a new one. Rules that speak of fields which the write leaves as they are do not
    /// hold it up (V24a).
    public static func validate(old: Job, new: Job) -> [FieldError] {
        var list = ErrorList()
        list.add(counters(new.status))
        list.add(uncounted(new.status.uncountedTerminatedPods))
        list.add(finished(old, new))
        list.add(StatusConditionRules.validate(old: old.status, new: new.status))
        list.add(times(old, new))
        list.add(StatusIndexRules.validate(old: old, new: new))
        list.add(falling(old, new))
        return list.errors
    }

    private static func counters(_ status: JobStatus) -> [FieldError] {
        var list = ErrorList()
        list.nonNegative("status.active", status.active)
        list.nonNegative("status.succeeded", status.succeeded)
        list.nonNegative("status.failed", status.failed)
        list.nonNegative("status.ready", status.ready)
        list.nonNegative("status.terminating", status.terminating)
        return list.errors
    }

    /// Uids are named, and once.
    private static func uncounted(_ pods: Value?) -> [FieldError] {
        var list = ErrorList()
        var seen: Set<String> = []
        for key in ["succeeded", "failed"] {
            for (position, uid) in (pods?[key]?.strings ?? []).enumerated() {
                let field = "status.uncountedTerminatedPods.\(key)[\(position)]"
                if uid.isEmpty { list.add(.invalid(field, "", "must not be empty")) } else if !seen.insert(uid).inserted {
                    list.add(.duplicate(field, .string(uid)))
                }
            }
        }
        return list.errors
    }

    /// What a finished Job can't have.
    private static func finished(_ old: Job, _ new: Job) -> [FieldError] {
        let (before, after) = (old.status, new.status)
        guard after.isFinished else { return after.ready.map { ready(before, after, $0) } ?? [] }
        var list = ErrorList()
        let becomes = !before.isFinished
        if after.active > 0, becomes || before.active != after.active {
            list.invalid("status.active", after.active, "active>0 is invalid for finished job")
        }
        if let count = after.terminating, count > 0, becomes || before.terminating != count {
            list.invalid("status.terminating", count, "terminating>0 is invalid for finished job")
        }
        if let pods = after.uncountedTerminatedPods, becomes || before.uncountedTerminatedPods != pods,
            ["succeeded", "failed"].contains(where: { !(pods[$0]?.array ?? []).isEmpty })
        {
            list.add(.invalid("status.uncountedTerminatedPods", pods, "must be empty for finished job"))
        }
        let neverRan = new.spec.suspend == true && new.spec.completions == 0
        if after.startTime == nil, !neverRan, becomes || before.startTime != nil {
            list.add(.required("status.startTime", "startTime is required for finished job"))
        }
        if let count = after.ready { list.add(ready(before, after, count)) }
        return list.errors
    }

    private static func ready(_ before: JobStatus, _ after: JobStatus, _ count: Int) -> [FieldError] {
        guard count > after.active, before.ready != after.ready || before.active != after.active else { return [] }
        return [.invalid("status.ready", .int(Int64(count)), "cannot set more ready pods than active")]
    }

    private static func times(_ old: Job, _ new: Job) -> [FieldError] {
        var list = ErrorList()
        let (before, after) = (old.status, new.status)
        let isComplete = after.isTrue("Complete"), changed = before.completionTime != after.completionTime
        if let time = after.completionTime {
            if !isComplete, changed || before.isTrue("Complete") {
                list.add(.invalid("status.completionTime", time.value, "cannot set completionTime when there is no Complete=True condition"))
            } else if changed, before.completionTime != nil {
                list.add(.invalid("status.completionTime", time.value, "field is immutable"))
            } else if changed, let start = after.startTime, time < start {
                list.add(.invalid("status.completionTime", time.value, "must be equal to or after `startTime`"))
            }
        } else if isComplete, changed || !before.isTrue("Complete") {
            list.add(.required("status.completionTime", "completionTime is required for Complete jobs"))
        }
        let resumes = before.isTrue("Suspended") && !after.isTrue("Suspended")
        if let start = before.startTime, after.startTime != start, new.spec.suspend != true, !resumes {
            let shown = after.startTime?.value ?? .null
            list.add(.invalid("status.startTime", shown, "field is immutable for unsuspended job once set"))
        }
        return list.errors
    }

    private static func falling(_ old: Job, _ new: Job) -> [FieldError] {
        var list = ErrorList()
        if new.status.failed < old.status.failed { list.invalid("status.failed", new.status.failed, "cannot decrease the failed counter") }
        let isElastic = new.spec.isIndexed && new.spec.completions == new.spec.parallelism
        if new.status.succeeded < old.status.succeeded, !isElastic {
            list.invalid("status.succeeded", new.status.succeeded, "cannot decrease the succeeded counter")
        }
        return list.errors
    }
}

/// Which conditions exclude, and which need, each other (V24).
enum StatusConditionRules {
    static func validate(old: JobStatus, new: JobStatus) -> [FieldError] {
        let texts = disabled(old, new) + pairs(old, new) + prerequisites(old, new)
        return texts.map { .invalid("status.conditions", nil, $0) }
    }

    private static func disabled(_ old: JobStatus, _ new: JobStatus) -> [String] {
        var texts: [String] = []
        for type in ["Failed", "Complete", "FailureTarget", "SuccessCriteriaMet"] where old.isTrue(type) && !new.isTrue(type) {
            texts.append("cannot disable the \(type == "SuccessCriteriaMet" ? "" : "terminal ")\(type)=True condition")
        }
        return texts
    }

    private static func pairs(_ old: JobStatus, _ new: JobStatus) -> [String] {
        var texts: [String] = []
        func exclude(_ one: String, _ other: String) {
            if new.isTrue(one), new.isTrue(other) { texts.append("cannot set \(one)=True and \(other)=true conditions") }
        }
        let changed = { (type: String) in old.isTrue(type) != new.isTrue(type) }
        if changed("Complete") || changed("Failed") { exclude("Complete", "Failed") }
        if changed("Complete") || changed("FailureTarget") { exclude("Complete", "FailureTarget") }
        exclude("SuccessCriteriaMet", "Failed")
        exclude("SuccessCriteriaMet", "FailureTarget")
        if old.isTrue("Complete"), !old.isTrue("SuccessCriteriaMet"), new.isTrue("SuccessCriteriaMet") {
            texts.append("cannot set SuccessCriteriaMet=True condition for Complete jobs")
        }
        return texts
    }

    private static func prerequisites(_ old: JobStatus, _ new: JobStatus) -> [String] {
        var texts: [String] = []
        func need(_ type: String, _ other: String, alsoChanged: Bool) {
            guard new.isTrue(type), !new.isTrue(other), alsoChanged || old.isTrue(type) != new.isTrue(type) else { return }
            texts.append("cannot set \(type)=True condition without the \(other)=true condition")
        }
        need("Failed", "FailureTarget", alsoChanged: (old.failedIndexes ?? "") != (new.failedIndexes ?? ""))
        need("Complete", "SuccessCriteriaMet", alsoChanged: old.isTrue("SuccessCriteriaMet") != new.isTrue("SuccessCriteriaMet"))
        return texts
    }
}

/// The texts of completed and failed indexes (V24, R63).
enum StatusIndexRules {
    static func validate(old: Job, new: Job) -> [FieldError] {
        var list = ErrorList()
        let (before, after) = (old.status, new.status), completions = new.spec.completions ?? 0
        let newlyDone = before.completedIndexes != after.completedIndexes, newlyFailed = before.failedIndexes != after.failedIndexes
        var done: IndexRanges?, failed: IndexRanges?
        if !after.completedIndexes.isEmpty {
            let text = after.completedIndexes
            if !new.spec.isIndexed {
                let problem = "cannot set non-empty completedIndexes when non-indexed completion mode"
                if newlyDone { list.add(.invalid("status.completedIndexes", .string(text), problem)) }
            } else {
                done = parse(text, "completedIndexes", completions, &list, reports: newlyDone)
            }
        }
        if let text = after.failedIndexes {
            if new.spec.backoffLimitPerIndex == nil {
                let problem = "cannot set non-null failedIndexes when backoffLimitPerIndex is null"
                if newlyFailed { list.add(.invalid("status.failedIndexes", .string(text), problem)) }
            } else {
                failed = parse(text, "failedIndexes", completions, &list, reports: newlyFailed)
            }
        }
        if newlyDone || newlyFailed, let done, let failed, let index = done.firstOverlap(with: failed) {
            let problem = "failedIndexes and completedIndexes overlap at index: \(index)"
            list.add(.invalid("status.failedIndexes", .string(after.failedIndexes ?? ""), problem))
        }
        return list.errors
    }

    private static func parse(_ text: String, _ key: String, _ completions: Int, _ list: inout ErrorList, reports: Bool) -> IndexRanges? {
        do throws(IndexRanges.ParseError) { return try IndexRanges(strict: text, completions: completions) } catch {
            if reports { list.add(.invalid("status.\(key)", .string(text), "error parsing \(key): \(error)")) }
            return nil
        }
    }
}
