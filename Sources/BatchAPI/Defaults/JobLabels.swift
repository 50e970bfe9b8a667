/// The labels that tie a pod to its Job (V4, P14).
public enum JobLabels {
    public static let controllerUID = "batch.kubernetes.io/controller-uid"
    public static let jobName = "batch.kubernetes.io/job-name"
    public static let legacyControllerUID = "controller-uid"
    public static let legacyJobName = "job-name"

    /// The four labels of a Job's pods.
    public static func generated(name: String, uid: String) -> [String: String] {
        [controllerUID: uid, jobName: name, legacyControllerUID: uid, legacyJobName: name]
    }
}
