/// What a server fills in when a Job is created (§1.2).
public enum JobDefaults {
    /// The characters of a generated name's suffix (§1.1).
    public static let suffixAlphabet = "bcdfghjklmnpqrstvwxz2456789"

    /// The Job that is stored for a posted one: uid, creationTimestamp, generation 1, empty status; defaults of
    /// the Job and its pod template; generated labels and selector (V4). Null and unknown fields go.
    /// `nameSuffix` (5 characters) completes `generateName`; `namespace` counts where none is written.
    public static func apply(
        to value: Value, uid: String, now: Timestamp, nameSuffix: String = "", namespace: String = "default"
    ) -> Value {
        var job = Schema.pruned(value, as: "Job")
        job["apiVersion"] = "batch/v1"
        job["kind"] = "Job"
        job["status"] = .object([:])
        for key in ["metadata", "spec"] where job[key]?.object == nil { job[key] = .object([:]) }
        job.update("metadata") { setMetadata(&$0, uid, now, nameSuffix, namespace) }
        let name = job["metadata"]?["name"]?.string ?? ""
        if Job.takesItems(job["metadata"]?["annotations"]?.stringMap ?? [:]) { job.update("spec") { setPushed(&$0) } }
        job.update("spec") { setSpec(&$0) }
        job.update("spec") { generateSelector(&$0, name: name, uid: uid) }
        copyLabels(&job)
        return job
    }

    /// Defaults alone, for an update: identity, labels and selector stay as they are.
    public static func applyToSpec(_ spec: Value) -> Value {
        var result = spec
        setSpec(&result)
        return result
    }

    private static func setMetadata(
        _ metadata: inout Value, _ uid: String, _ now: Timestamp, _ nameSuffix: String, _ namespace: String
    ) {
        if metadata["name"]?.string ?? "" == "", let prefix = metadata["generateName"]?.string, !prefix.isEmpty {
            metadata["name"] = .string(prefix.prefix(58) + nameSuffix)
        }
        metadata.setDefault("namespace", .string(namespace))
        metadata["uid"] = .string(uid)
        metadata["generation"] = 1
        metadata["creationTimestamp"] = now.value
        for key in ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"] { metadata[key] = nil }
    }

    /// Items that are pushed have indexes; there are none yet.
    private static func setPushed(_ spec: inout Value) {
        (spec["completions"], spec["completionMode"]) = (0, "Indexed")
        spec.setDefault("parallelism", 1)
    }

    private static func setSpec(_ spec: inout Value) {
        if spec["parallelism"] == nil {
            spec.setDefault("completions", 1)
            spec["parallelism"] = 1
        }
        spec.setDefault("backoffLimit", spec["backoffLimitPerIndex"] == nil ? 6 : 2_147_483_647)
        spec.setDefault("completionMode", "NonIndexed")
        spec.setDefault("suspend", false)
        spec.setDefault("manualSelector", false)
        let isPolicySet = spec["podFailurePolicy"] != nil
        spec.setDefault("podReplacementPolicy", isPolicySet ? "Failed" : "TerminatingOrFailed")
        spec.update("podFailurePolicy") { policy in
            policy.updateEach("rules") { $0.updateEach("onPodConditions") { $0.setDefault("status", "True") } }
        }
        spec.setDefault("template", .object([:]))
        spec.update("template") { template in
            template.setDefault("metadata", .object([:]))
            template.setDefault("spec", .object([:]))
            template.update("spec") { PodDefaults.setTemplateSpec(&$0) }
        }
    }

    private static func generateSelector(_ spec: inout Value, name: String, uid: String) {
        guard spec["manualSelector"]?.bool != true else { return }
        spec.update("template") { template in
            template.update("metadata") { metadata in
                metadata.setDefault("labels", .object([:]))
                metadata.update("labels") { labels in
                    for (key, text) in JobLabels.generated(name: name, uid: uid) { labels.setDefault(key, .string(text)) }
                }
            }
        }
        spec.setDefault("selector", .object([:]))
        spec.update("selector") { selector in
            selector.setDefault("matchLabels", .object([:]))
            selector.update("matchLabels") { $0.setDefault(JobLabels.controllerUID, .string(uid)) }
        }
    }

    /// A Job without labels takes those of its template, generated ones included (S272).
    private static func copyLabels(_ job: inout Value) {
        guard (job["metadata"]?["labels"]?.object ?? [:]).isEmpty,
            let labels = job["spec"]?["template"]?["metadata"]?["labels"], labels.object?.isEmpty == false
        else { return }
        job["metadata"]?["labels"] = labels
    }
}
