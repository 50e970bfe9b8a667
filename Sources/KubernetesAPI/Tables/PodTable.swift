import BatchAPI

extension TableLayout {
    /// `kubectl get pods`.
    static let pods = TableLayout(columns: TableColumns.pods) { pod, now in
        let statuses = pod["status"]?["containerStatuses"]?.array ?? []
        let ready = statuses.count { $0["ready"]?.bool == true && $0["state"]?["running"] != nil }
        let restarts = statuses.reduce(0) { $0 + ($1["restartCount"]?.int ?? 0) }
        return Row(
            cells: [
                pod.objectName, "\(ready)/\(pod["spec"]?["containers"]?.array?.count ?? 0)", PodCells.status(pod), String(restarts),
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
        for container in (status["containerStatuses"]?.array ?? []).reversed() {
            if let own = self.reason(container["state"] ?? .null) { reason = own }
        }
        let isTerminal = phase == "Succeeded" || phase == "Failed"
        if pod["metadata"]?["deletionTimestamp"] != nil, !isTerminal { return "Terminating" }
        return reason
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
