import BatchAPI
import Broker

/// A worker as a Node.
enum NodeObject {
    /// `isLost` once its heartbeat has stood still for a whole lease.
    /// - Parameter overlay: what clients have written about it.
    static func value(_ node: NodeRecord, isLost: Bool, version: String, overlay: StoredObject? = nil) -> Value {
        let written = overlay?.value["metadata"] ?? .null
        var metadata: Value = [
            "name": .string(node.name), "uid": .string(node.instance), "resourceVersion": .string(overlay?.version ?? "1"),
            "labels": .strings((written["labels"]?.stringMap ?? [:]).merging(labels(node)) { $1 }),
        ]
        if let annotations = written["annotations"]?.object, !annotations.isEmpty { metadata["annotations"] = .object(annotations) }
        return [
            "apiVersion": "v1", "kind": "Node", "metadata": metadata, "spec": overlay?.value["spec"] ?? .object([:]),
            "status": status(node, isLost: isLost, version: version),
        ]
    }

    private static func labels(_ node: NodeRecord) -> [String: String] {
        ["kubernetes.io/hostname": node.name, "kubernetes.io/os": "linux"].merging(node.labels) { $1 }
    }

    private static func status(_ node: NodeRecord, isLost: Bool, version: String) -> Value {
        let slots: Value = ["pods": .string(String(node.slots))]
        let ready: Value =
            isLost
            ? ["type": "Ready", "status": "Unknown", "reason": "NodeStatusUnknown", "message": "the worker has stopped sending heartbeats"]
            : ["type": "Ready", "status": "True", "reason": "WorkerReady", "message": "the worker sends heartbeats"]
        return [
            "capacity": slots, "allocatable": slots, "conditions": [ready], "addresses": [["type": "Hostname", "address": .string(node.name)]],
            "nodeInfo": info(node, version),
        ]
    }

    /// All fields are required; what is not known is empty.
    private static func info(_ node: NodeRecord, _ version: String) -> Value {
        var info: [String: Value] = ["kubeletVersion": .string(version), "operatingSystem": "linux"]
        for key in [
            "machineID", "systemUUID", "bootID", "kernelVersion", "osImage", "containerRuntimeVersion", "kubeProxyVersion", "architecture",
        ] { info[key] = "" }
        return .object(info)
    }
}
