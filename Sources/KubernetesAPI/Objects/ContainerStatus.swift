import BatchAPI
import Broker

/// One entry of `containerStatuses` (P6). Where a record tells of the pod as a whole, all its containers show the same state.
enum ContainerStatus {
    /// Reasons that a terminated container gives; any other reason of a failed pod is the pod's own (P9).
    private static let containerReasons: Set<String> = [
        "", "Completed", "Error", "OOMKilled", "StartError", "ContainerCannotRun", "ContainerStatusUnknown", "CreateContainerConfigError",
        "CreateContainerError", "RunContainerError", "InvalidImageName", "ErrImagePull", "ImagePullBackOff",
    ]

    static func isContainerReason(_ reason: String) -> Bool { containerReasons.contains(reason) }

    static func value(_ container: Container, _ pod: PodRecord) -> Value {
        if let own = pod.states.first(where: { $0.name == container.name }) { return status(container, pod, own, isReady: own.isReady) }
        let isRunning = pod.phase == "Running" && pod.isRunning
        return status(container, pod, state: state(pod), last: lastState(pod), isReady: isRunning, isStarted: isRunning, restarts: pod.restarts)
    }

    /// An init container: done once the others may run.
    static func initial(_ container: Container, _ pod: PodRecord) -> Value {
        if let own = pod.states.first(where: { $0.name == container.name }) {
            return status(container, pod, own, isReady: own.isReady || own.exit?.code == 0)
        }
        guard let started = pod.started else {
            let state: Value = ["waiting": ["reason": "PodInitializing"]]
            return status(container, pod, state: state, last: .object([:]), isReady: false, isStarted: false, restarts: 0)
        }
        let state: Value = [
            "terminated": ["exitCode": 0, "reason": "Completed", "startedAt": pod.created.value, "finishedAt": started.value]
        ]
        return status(container, pod, state: state, last: .object([:]), isReady: true, isStarted: false, restarts: 0)
    }

    /// What its worker has told of it.
    private static func status(_ container: Container, _ pod: PodRecord, _ own: ContainerState, isReady: Bool) -> Value {
        let id = "drover://\(pod.uid)/\(container.name)/\(own.restarts)"
        var stage = own.stage
        // Its worker is gone, or was told too late.
        if pod.isTerminal, case .running(let since) = stage {
            let message = "The container could not be located when the pod was terminated"
            stage = .ended(.init(code: 137, reason: "ContainerStatusUnknown", message: message, started: since, finished: pod.finished ?? since))
        }
        var value = status(
            container, pod, state: state(stage, id), last: own.last.map { ["terminated": terminated($0, id: nil)] } ?? .object([:]),
            isReady: isReady && !(pod.isTerminal && own.exit == nil), isStarted: own.isStarted && !pod.isTerminal, restarts: own.restarts)
        if case .waiting = own.stage, own.last == nil { value["containerID"] = nil } else { value["containerID"] = .string(id) }
        return value
    }

    private static func state(_ stage: ContainerState.Stage, _ id: String) -> Value {
        switch stage {
        case .waiting(let reason, let message):
            return ["waiting": message.isEmpty ? ["reason": .string(reason)] : ["reason": .string(reason), "message": .string(message)]]
        case .running(let since): return ["running": ["startedAt": since.value]]
        case .ended(let exit): return ["terminated": terminated(exit, id: id)]
        }
    }

    private static func terminated(_ exit: ContainerState.Exit, id: String?) -> Value {
        var members: [String: Value] = ["exitCode": .int(Int64(exit.code)), "reason": .string(exit.reason)]
        if !exit.message.isEmpty { members["message"] = .string(exit.message) }
        (members["startedAt"], members["finishedAt"]) = ((exit.started ?? exit.finished).value, exit.finished.value)
        members["containerID"] = id.map { .string($0) }
        return .object(members)
    }

    private static func status(
        _ container: Container, _ pod: PodRecord, state: Value, last: Value, isReady: Bool, isStarted: Bool, restarts: Int
    ) -> Value {
        var value: Value = [
            "name": .string(container.name), "image": .string(container.image), "imageID": .string(container.image), "ready": .bool(isReady),
            "started": .bool(isStarted), "restartCount": .int(Int64(restarts)), "state": state, "lastState": last,
        ]
        if pod.started != nil { value["containerID"] = .string(containerID(pod)) }
        return value
    }

    private static func containerID(_ pod: PodRecord) -> String { "drover://\(pod.uid)/\(pod.restarts)" }

    private static func state(_ pod: PodRecord) -> Value {
        guard pod.isLive else { return terminated(pod) }
        if pod.phase == "Pending" { return ["waiting": ["reason": "ContainerCreating"]] }
        // One that was never restarted runs and is only not ready.
        guard pod.isRunning || pod.exitCode == nil else {
            return ["waiting": ["reason": "CrashLoopBackOff", "message": "back-off restarting failed container"]]
        }
        guard let started = pod.started else { return ["running": .object([:])] }
        return ["running": ["startedAt": started.value]]
    }

    private static func terminated(_ pod: PodRecord) -> Value {
        // A pod that ended without an exit of its own (lost, never started) died by SIGKILL, as Kubernetes says.
        let code = pod.exitCode ?? (pod.phase == "Succeeded" ? 0 : 137)
        let usual = code == 0 ? "Completed" : "Error"
        let reason = pod.reason.isEmpty || !isContainerReason(pod.reason) ? usual : pod.reason
        var members: [String: Value] = ["exitCode": .int(Int64(code)), "reason": .string(reason)]
        if isContainerReason(pod.reason), !pod.message.isEmpty { members["message"] = .string(pod.message) }
        members["startedAt"] = pod.started?.value
        members["finishedAt"] = pod.finished?.value
        if pod.started != nil { members["containerID"] = .string(containerID(pod)) }
        return ["terminated": .object(members)]
    }

    /// The run before a restart in place.
    private static func lastState(_ pod: PodRecord) -> Value {
        guard pod.isLive, pod.restarts > 0 || !pod.isRunning, let code = pod.exitCode else { return .object([:]) }
        return ["terminated": ["exitCode": .int(Int64(code)), "reason": code == 0 ? "Completed" : "Error"]]
    }
}
