import BatchAPI

extension TableLayout {
    /// `kubectl get jobs`.
    static let jobs = TableLayout(columns: TableColumns.jobs) { object, now in
        let job = Job(object)
        let containers = job.spec.template.spec.containers
        return Row(cells: [
            job.metadata.name, JobCells.status(job), JobCells.completions(job), JobCells.duration(job.status, now: now), object.age(now: now),
            containers.map(\.name).joined(separator: ","), containers.map(\.image).joined(separator: ","), JobCells.selector(job.spec.selector),
        ])
    }
}

/// The cells of a Job's row.
enum JobCells {
    /// One word; Complete and Failed go before the conditions that announced them.
    static func status(_ job: Job) -> String {
        if job.status.isTrue("Complete") { return "Complete" }
        if job.status.isTrue("Failed") { return "Failed" }
        if job.metadata.deletionTimestamp != nil { return "Terminating" }
        return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].first { job.status.isTrue($0) } ?? "Running"
    }

    /// "3/10"; "0/1 of 3" for a work queue of three.
    static func completions(_ job: Job) -> String {
        if let completions = job.spec.completions { return "\(job.status.succeeded)/\(completions)" }
        let parallelism = job.spec.parallelism ?? 0
        return parallelism > 1 ? "\(job.status.succeeded)/1 of \(parallelism)" : "\(job.status.succeeded)/1"
    }

    /// Until completion, or until now; "" if it has not started.
    static func duration(_ status: JobStatus, now: Timestamp) -> String {
        guard let start = status.startTime else { return "" }
        return HumanDuration.text((status.completionTime ?? now) - start)
    }

    /// A selector in one line: "a=b,c in (d,e),!f".
    static func selector(_ value: Value?) -> String {
        guard let value else { return "<none>" }
        let labels = (value["matchLabels"]?.stringMap ?? [:]).map { "\($0.key)=\($0.value)" }
        let expressions = (value["matchExpressions"]?.array ?? []).map(expression)
        let terms = (labels + expressions).sorted()
        return terms.isEmpty ? "<none>" : terms.joined(separator: ",")
    }

    private static func expression(_ value: Value) -> String {
        let key = value["key"]?.string ?? "", list = (value["values"]?.strings ?? []).sorted().joined(separator: ",")
        return switch value["operator"]?.string {
        case "In": "\(key) in (\(list))"
        case "NotIn": "\(key) notin (\(list))"
        case "DoesNotExist": "!\(key)"
        default: key
        }
    }
}
