import BatchAPI

/// The pod status that a node agent would write.
struct NodeReport {
    let pod: Value
    let action: Value
    let now: Timestamp

    private var state: String { action["set"]?.string ?? "" }
    private var isEnded: Bool { state == "Succeeded" || state == "Failed" }
    private var isReady: Bool { state == "Ready" }
    private var started: Value { pod["metadata"]?["creationTimestamp"] ?? .null }
    private var finish: Value { now.adding(milliseconds: Int64(-(action["ago"]?.number ?? 0) * 1000)).wholeSecond.value }
    /// An init container failed: the others never started.
    private var isStopped: Bool { (action["init"]?.object ?? [:]).values.contains { ($0.int ?? 0) != 0 } }

    var status: Value {
        var status: Value = ["phase": .string(isReady ? "Running" : state), "startTime": started]
        for key in ["reason", "message"] { status[key] = action[key] }
        if action["containers"]?.bool ?? true {
            let spec = pod["spec"] ?? .null
            status["containerStatuses"] = .array((spec["containers"]?.array ?? []).map { container($0, code($0), isWaiting: isStopped) })
            status["initContainerStatuses"] = .array(
                (spec["initContainers"]?.array ?? []).map {
                    container($0, $0["restartPolicy"]?.string == "Always" ? code($0) : action["init"]?[$0["name"]?.string ?? ""]?.int ?? 0)
                })
        }
        status["conditions"] = .array(conditions)
        return status
    }

    /// Nil: still running.
    private func code(_ container: Value) -> Int? {
        switch action["exit"] {
        case .object(let codes)?: codes[container["name"]?.string ?? ""]?.int ?? (isEnded ? 0 : nil)
        case let code? where !code.isNull: code.int
        default: ["Succeeded": 0, "Failed": 1][state]
        }
    }

    private func container(_ spec: Value, _ code: Int?, isWaiting: Bool = false) -> Value {
        let runs = !isWaiting && code == nil
        let restarts = action["restarts"].map { $0.object == nil ? $0.int ?? 0 : $0[spec["name"]?.string ?? ""]?.int ?? 0 } ?? 0
        var state: Value = ["running": ["startedAt": started]]
        if isWaiting { state = ["waiting": ["reason": "PodInitializing"]] } else if let code {
            state = [
                "terminated": [
                    "exitCode": .int(Int64(code)), "reason": code == 0 ? "Completed" : "Error", "startedAt": started, "finishedAt": finish,
                ]
            ]
        }
        return [
            "name": spec["name"] ?? .null, "image": spec["image"] ?? .null, "imageID": "", "ready": .bool(runs && isReady), "started": .bool(runs),
            "restartCount": .int(Int64(restarts)), "state": state,
        ]
    }

    private var conditions: [Value] {
        var list = pod["status"]?["conditions"]?.array ?? []
        func set(_ condition: Value) {
            let place = list.firstIndex { $0["type"] == condition["type"] }
            if let place { list[place] = condition } else { list.append(condition) }
        }
        func note(_ type: String, _ status: String, _ reason: String? = nil) {
            let old = list.first { $0["type"]?.string == type }
            let since = old?["status"]?.string == status ? old?["lastTransitionTime"] : isEnded ? finish : now.wholeSecond.value
            var condition: Value = ["type": .string(type), "status": .string(status)]
            condition["lastTransitionTime"] = since
            condition["reason"] = reason.map { .string($0) }
            set(condition)
        }
        note("PodScheduled", "True")
        note("Initialized", isStopped ? "False" : "True")
        let reason = ["Succeeded": "PodCompleted", "Failed": "PodFailed", "Running": "ContainersNotReady"][state]
        for type in ["ContainersReady", "Ready"] { note(type, isReady ? "True" : "False", reason) }
        for given in action["conditions"]?.array ?? [] {
            note(given["type"]?.string ?? "", given["status"]?.string ?? "", given["reason"]?.string)
        }
        return list
    }
}
