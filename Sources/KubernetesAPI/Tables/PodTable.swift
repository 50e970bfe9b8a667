import BatchAPI

extension TableLayout {
    /// `kubectl get pods`.
    static let pods = TableLayout(columns: TableColumns.pods) { pod, now in
        let statuses = pod["status"]?["containerStatuses"]?.array ?? []
        let ready = statuses.count { $0["ready"]?.bool == true && $0["state"]?["running"] != nil }
        let restarts = statuses.reduce(0) { $0 + ($1["restartCount"]?.int ?? 0) }
        return Row(
            cells: [
                pod.objectName, "\(ready)/\(pod["spec"]?["containers"]?.array?.count ?? 0)", PodCells.status(pod),
                PodCells.restarts(statuses, restarts, now),
                pod.age(now: now), pod["status"]?["podIP"]?.string ?? "<none>", pod["spec"]?["nodeName"]?.string ?? "<none>", "<none>", "<none>",
            ],
            conditions: PodCells.conditions(pod))
    }
}

/// The cells of a Pod's row.
enum PodCells {
    /// The reason of the first container that has one, else of the pod, else its phase.
    static func status(_ pod: Value) -> String {
        let status = pod["status"] ?? .null
        let phase = status["phase"]?.string ?? ""
        var reason = status["reason"]?.string ?? phase
        if let text = initial(pod) { return pod["metadata"]?["deletionTimestamp"] != nil ? "Terminating" : text }
        for container in (status["containerStatuses"]?.array ?? []).reversed() {
            if let own = self.reason(container["state"] ?? .null) { reason = own }
        }
        let isTerminal = phase == "Succeeded" || phase == "Failed"
        if pod["metadata"]?["deletionTimestamp"] != nil, !isTerminal { return "Terminating" }
        return reason
    }

    /// `2 (30s ago)`: when the last of them was (R105).
    static func restarts(_ statuses: [Value], _ count: Int, _ now: Timestamp) -> String {
        let ends = statuses.compactMap { $0["lastState"]?["terminated"]?["finishedAt"]?.string.flatMap { Timestamp(rfc3339: $0) } }
        guard count > 0, let last = ends.max() else { return String(count) }
        return "\(count) (\(HumanDuration.since(last, now: now)) ago)"
    }

    /// What an init container that has not succeeded says (R106); nil if none holds the pod up.
    private static func initial(_ pod: Value) -> String? {
        let all = pod["status"]?["initContainerStatuses"]?.array ?? []
        for (at, container) in all.enumerated() {
            let state = container["state"] ?? .null
            if let ended = state["terminated"] {
                if ended["exitCode"]?.int == 0 { continue }
                if let reason = ended["reason"]?.string, !reason.isEmpty { return "Init:\(reason)" }
                let signal = ended["signal"]?.int ?? 0
                return signal != 0 ? "Init:Signal:\(signal)" : "Init:ExitCode:\(ended["exitCode"]?.int ?? 0)"
            }
            if let reason = state["waiting"]?["reason"]?.string, !reason.isEmpty, reason != "PodInitializing" { return "Init:\(reason)" }
            return "Init:\(at)/\(pod["spec"]?["initContainers"]?.array?.count ?? all.count)"
        }
        return nil
    }

    private static func reason(_ state: Value) -> String? {
        if let waiting = state["waiting"] { return waiting["reason"]?.string }
        guard let terminated = state["terminated"] else { return nil }
        return terminated["reason"]?.string ?? "ExitCode:\(terminated["exitCode"]?.int ?? 0)"
    }

    static func conditions(_ pod: Value) -> [Value] {
        let phase = pod["status"]?["phase"]?.string ?? ""
        let messages = ["Succeeded": "The pod has completed successfully.", "Failed": "The pod failed."]
        guard let message = messages[phase] else { return [] }
        return [["type": "Completed", "status": "True", "reason": .string(phase), "message": .string(message)]]
    }
}
