import BatchAPI
import Broker

/// What a pod knows of itself: the fields that its environment may refer to.
public struct PodIdentity: Sendable, Hashable {
    public static let completionIndex = "batch.kubernetes.io/job-completion-index"
    static let failureCount = "batch.kubernetes.io/job-index-failure-count"

    public var name: String
    public var namespace: String
    public var uid: String
    public var node: String
    public var hostname: String
    public var serviceAccount: String
    public var labels: [String: String]
    public var annotations: [String: String]

    /// The identity of the pod that a grant made (P11, P12, P13). A NonIndexed pod finds its item's ordinal under the completion index, too.
    public init(job: Job, grant: Grant, node: String) {
        let template = job.spec.template
        (name, namespace, uid, self.node) = (grant.pod, job.metadata.namespace, grant.podUID, node)
        hostname = template.spec.hostname ?? grant.pod
        serviceAccount = template.spec.serviceAccountName ?? "default"
        labels = template.labels.merging(JobLabels.generated(name: job.metadata.name, uid: job.metadata.uid)) { $1 }
        annotations = template.annotations
        guard let item = grant.items?.lowerBound else { return }
        annotations[Self.completionIndex] = String(item)
        guard job.spec.isIndexed else { return }
        labels[Self.completionIndex] = String(item)
        hostname = job.metadata.name + "-" + String(item)
        if job.spec.backoffLimitPerIndex != nil { annotations[Self.failureCount] = String(grant.failures) }
    }

    /// The value of a downward-API field path; nil if there is no such field.
    func field(_ path: String) -> String? {
        switch path {
        case "metadata.labels": Self.lines(labels)
        case "metadata.annotations": Self.lines(annotations)
        case "metadata.name": name
        case "metadata.namespace": namespace
        case "metadata.uid": uid
        case "spec.nodeName": node
        case "spec.serviceAccountName": serviceAccount
        case "status.hostIP", "status.podIP", "status.hostIPs", "status.podIPs": "127.0.0.1"
        default: keyed("metadata.labels", path, labels) ?? keyed("metadata.annotations", path, annotations)
        }
    }

    /// `key="value"` lines, as downward-API volumes have them.
    private static func lines(_ map: [String: String]) -> String {
        map.sorted { $0.key < $1.key }.map { "\($0.key)=\(Value.string($0.value).encoded())" }.joined(separator: "\n")
    }

    /// `metadata.labels['key']`: an absent key is empty.
    private func keyed(_ prefix: String, _ path: String, _ map: [String: String]) -> String? {
        guard path.hasPrefix(prefix + "['"), path.hasSuffix("']"), path.count >= prefix.count + 4 else { return nil }
        return map[String(path.dropFirst(prefix.count + 2).dropLast(2))] ?? ""
    }
}
