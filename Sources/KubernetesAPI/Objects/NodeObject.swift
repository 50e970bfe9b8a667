import BatchAPI
import Broker

/// A worker as a Node.
enum NodeObject {
    /// - Parameter overlay: what clients have written about it.
    static func value(_ node: NodeRecord, _ pulse: Sightings.Pulse, version: String, overlay: StoredObject? = nil, now: Timestamp) -> Value {
        let written = overlay?.value["metadata"] ?? .null
        var metadata = ObjectMeta(name: node.name, namespace: "", uid: uid(node))
        metadata.resourceVersion = overlay?.version ?? "1"
        metadata.creationTimestamp = node.registered?.wholeSecond
        metadata.labels = (written["labels"]?.stringMap ?? [:]).merging(NodeLabels.all(node.name, facts: node.facts, own: node.labels)) { $1 }
        metadata.annotations = written["annotations"]?.stringMap ?? [:]
        let taints: Value = node.offer.taints.isEmpty ? .object([:]) : ["taints": .array(node.offer.taints.map(\.object))]
        return [
            "apiVersion": "v1", "kind": "Node", "metadata": metadata.value, "spec": overlay?.value["spec"] ?? taints,
            "status": status(node, pulse, version: version, now: now),
        ]
    }

    /// An instance is the beginning of a uid; nothing else tells one life of a node from another.
    private static func uid(_ node: NodeRecord) -> String {
        let digits = Checksum(node.name.utf8).value & 0xffff_ffff_ffff
        let text = String(digits, radix: 16)
        return "\(node.instance)-4000-8000-\(String(repeating: "0", count: 12 - text.count))\(text)"
    }

    private static func status(_ node: NodeRecord, _ pulse: Sightings.Pulse, version: String, now: Timestamp) -> Value {
        var room: Value = ["pods": .string(String(node.slots))]
        for name in ["cpu", "memory"] { room[name] = node.facts[name].map { .string($0) } }
        for (name, amount) in node.offer.capacity { room[name] = .string(amount.text) }
        return [
            "capacity": room, "allocatable": room, "conditions": [ready(node, pulse, now)],
            "addresses": [["type": "Hostname", "address": .string(node.name)]], "nodeInfo": info(node, version),
        ]
    }

    private static func ready(_ node: NodeRecord, _ pulse: Sightings.Pulse, _ now: Timestamp) -> Value {
        let heartbeat = now.advanced(by: .zero - pulse.age)
        var ready: Value =
            pulse.isLost
            ? ["type": "Ready", "status": "Unknown", "reason": "NodeStatusUnknown", "message": "the worker has stopped sending heartbeats"]
            : ["type": "Ready", "status": "True", "reason": "WorkerReady", "message": "the worker sends heartbeats"]
        let change = pulse.isLost ? heartbeat.advanced(by: node.lease) : node.registered ?? heartbeat
        ready["lastHeartbeatTime"] = .string(heartbeat.rfc3339)
        ready["lastTransitionTime"] = .string(change.rfc3339)
        return ready
    }

    /// All fields are required; what is not known is empty.
    private static func info(_ node: NodeRecord, _ version: String) -> Value {
        var info: [String: Value] = [
            "kubeletVersion": DiscoveryDocuments.version(version)["gitVersion"] ?? "", "operatingSystem": "linux",
            "containerRuntimeVersion": .string("process://\(version)"), "kubeProxyVersion": "",
        ]
        for key in ["machineID", "systemUUID", "bootID", "kernelVersion", "osImage", "architecture"] { info[key] = .string(node.facts[key] ?? "") }
        return .object(info)
    }
}
