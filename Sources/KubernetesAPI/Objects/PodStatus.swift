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
        status["conditions"] = .array(conditions(spec, pod))
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
    private static func conditions(_ spec: PodSpec, _ pod: PodRecord) -> [Value] {
        let isRunning = pod.phase == "Running" && pod.isRunning
        let changed = pod.finished ?? pod.started ?? pod.created
        let ended = pod.phase == "Succeeded" ? "PodCompleted" : pod.phase == "Failed" ? "PodFailed" : nil
        var list = [
            condition("PodReadyToStartContainers", pod.phase == "Running" || pod.states.contains(where: \.hasRun) && pod.isLive, at: changed),
            initialized(spec, pod, ended),
        ]
        for type in ["Ready", "ContainersReady"] {
            if isRunning {
                list.append(condition(type, true, at: changed))
            } else if let ended {
                list.append(condition(type, false, at: changed, reason: ended))
            } else {
                let message = "containers with unready status: [\(unready(spec, pod).joined(separator: " "))]"
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

    /// Whether the init containers are done, or the sidecars among them have started (P8).
    private static func initialized(_ spec: PodSpec, _ pod: PodRecord, _ ended: String?) -> Value {
        let open = spec.initContainers.filter { container in
            guard let own = pod.states.first(where: { $0.name == container.name }) else { return false }
            return container.restartPolicy == "Always" ? !own.isStarted && own.exit == nil : own.exit?.code != 0
        }
        if open.isEmpty { return condition("Initialized", true, at: pod.created, reason: pod.phase == "Succeeded" ? ended : nil) }
        let message = "containers with incomplete status: [\(open.map(\.name).joined(separator: " "))]"
        return condition("Initialized", false, at: pod.created, reason: "ContainersNotInitialized", message: message)
    }

    /// Sidecars count among those that are to be ready.
    private static func unready(_ spec: PodSpec, _ pod: PodRecord) -> [String] {
        if pod.states.isEmpty { return spec.containers.map(\.name) }
        let all = spec.initContainers.filter { $0.restartPolicy == "Always" } + spec.containers
        return all.map(\.name).filter { name in pod.states.first { $0.name == name }?.isReady != true }
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

extension ContainerState {
    fileprivate var hasRun: Bool { if case .waiting = stage { last != nil } else { true } }
}
