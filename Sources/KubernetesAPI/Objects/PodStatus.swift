import BatchAPI
import Broker

/// The `status` of a Pod (P1, P6-P9).
enum PodStatus {
    static func value(_ spec: PodSpec, _ pod: PodRecord) -> Value {
        var status: Value = ["phase": .string(pod.phase), "qosClass": .string(qosClass(spec))]
        guard !pod.node.isEmpty else {
            if !pod.waits.isEmpty {
                status["conditions"] = [condition("PodScheduled", false, at: pod.created, reason: "Unschedulable", message: pod.waits)]
            }
            return status
        }
        let names = spec.containers.map(\.name)
        status["conditions"] = .array(conditions(pod, names: names))
        status["startTime"] = pod.created.value
        status["containerStatuses"] = .array(spec.containers.map { ContainerStatus.value($0, pod) })
        if !spec.initContainers.isEmpty {
            status["initContainerStatuses"] = .array(spec.initContainers.map { ContainerStatus.initial($0, pod) })
        }
        guard pod.phase == "Failed", !ContainerStatus.isContainerReason(pod.reason) else { return status }
        status["reason"] = .string(pod.reason)
        if !pod.message.isEmpty { status["message"] = .string(pod.message) }
        return status
    }

    /// P7, P8.
    private static func conditions(_ pod: PodRecord, names: [String]) -> [Value] {
        let isRunning = pod.phase == "Running" && pod.isRunning
        let changed = pod.finished ?? pod.started ?? pod.created
        let ended = pod.phase == "Succeeded" ? "PodCompleted" : pod.phase == "Failed" ? "PodFailed" : nil
        var list = [
            condition("PodReadyToStartContainers", pod.phase == "Running", at: changed),
            condition("Initialized", true, at: pod.created, reason: pod.phase == "Succeeded" ? ended : nil),
        ]
        for type in ["Ready", "ContainersReady"] {
            if isRunning {
                list.append(condition(type, true, at: changed))
            } else if let ended {
                list.append(condition(type, false, at: changed, reason: ended))
            } else {
                let message = "containers with unready status: [\(names.joined(separator: " "))]"
                list.append(condition(type, false, at: changed, reason: "ContainersNotReady", message: message))
            }
        }
        list.append(condition("PodScheduled", true, at: pod.created))
        if !pod.disruption.isEmpty {
            let message = pod.message.isEmpty ? nil : pod.message
            list.append(condition("DisruptionTarget", true, at: pod.deletion ?? changed, reason: pod.disruption, message: message))
        }
        return list
    }

    private static func condition(_ type: String, _ holds: Bool, at time: Timestamp, reason: String? = nil, message: String? = nil) -> Value {
        var value: Value = [
            "type": .string(type), "status": holds ? "True" : "False", "lastProbeTime": .null, "lastTransitionTime": time.value,
        ]
        if let reason { value["reason"] = .string(reason) }
        if let message { value["message"] = .string(message) }
        return value
    }

    /// Guaranteed: every container's cpu and memory limits are set and equal its requests; BestEffort: none has any.
    static func qosClass(_ spec: PodSpec) -> String {
        let containers = spec.containers + spec.initContainers
        let names = ["cpu", "memory"]
        let hasAny = containers.contains { container in names.contains { container.request($0) != nil || container.limit($0) != nil } }
        if !hasAny { return "BestEffort" }
        let isGuaranteed = containers.allSatisfy { container in
            names.allSatisfy { name in
                guard let limit = container.limit(name) else { return false }
                return (container.request(name) ?? limit) == limit
            }
        }
        return isGuaranteed ? "Guaranteed" : "Burstable"
    }
}
