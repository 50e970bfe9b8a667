import BatchAPI
import Broker

/// A worker as a Node.
enum NodeObject {
    /// `isLost` once its heartbeat has stood still for a whole lease.
    static func value(_ node: NodeRecord, isLost: Bool, version: String) -> Value {
        [
            "apiVersion": "v1", "kind": "Node",
            "metadata": [
                "name": .string(node.name), "uid": .string(node.instance), "resourceVersion": .string(String(max(1, node.renewal))),
                "labels": .strings(labels(node)),
            ],
            "spec": .object([:]), "status": status(node, isLost: isLost, version: version),
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
