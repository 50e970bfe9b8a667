import BatchAPI

/// A Job as whoever creates it is taken to have written it.
enum WrittenJob {
    /// A posted Job with its defaults, and without the labels and the selector that the server generates: those nobody owns.
    static func value(of posted: Value) -> Value {
        var job = Schema.pruned(posted, as: "Job")
        for key in ["metadata", "spec"] where job[key]?.object == nil { job[key] = .object([:]) }
        job["spec"] = JobDefaults.applyToSpec(job["spec"] ?? .object([:]))
        // A Job without labels has those of its template.
        if let labels = job["spec"]?["template"]?["metadata"]?["labels"], !labels.isHollow, job["metadata"]?["labels"]?.isHollow ?? true {
            job["metadata"]?["labels"] = labels
        }
        return job
    }
}
