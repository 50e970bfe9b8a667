/// What a server fills in when a client creates a Pod by itself.
public enum BarePodDefaults {
    /// The Pod that is stored for a posted one: uid, creationTimestamp, the defaults of its spec. Null and unknown fields go.
    /// `nameSuffix` (5 characters) completes `generateName`.
    public static func apply(to value: Value, uid: String, now: Timestamp, nameSuffix: String = "") -> Value {
        var pod = Schema.pruned(value, as: "Pod")
        (pod["apiVersion"], pod["kind"], pod["status"]) = ("v1", "Pod", .object([:]))
        for key in ["metadata", "spec"] where pod[key]?.object == nil { pod[key] = .object([:]) }
        pod.update("metadata") { metadata in
            if metadata["name"]?.string ?? "" == "", let prefix = metadata["generateName"]?.string, !prefix.isEmpty {
                metadata["name"] = .string(prefix.prefix(58) + nameSuffix)
            }
            (metadata["uid"], metadata["creationTimestamp"], metadata["generation"]) = (.string(uid), now.value, 1)
            for key in ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"] { metadata[key] = nil }
        }
        pod["spec"] = applyToSpec(pod["spec"] ?? .object([:]))
        return pod
    }

    /// Defaults alone, for an update.
    public static func applyToSpec(_ spec: Value) -> Value {
        var result = spec
        result.setDefault("restartPolicy", "Always")
        PodDefaults.setTemplateSpec(&result)
        return result
    }
}
