import BatchAPI

extension TableLayout {
    /// `kubectl get pods`.
    static let pods = TableLayout(columns: TableColumns.pods) { pod, now in
        let summary = PodSummary(pod)
        return Row(
            cells: [
                pod.objectName, "\(summary.ready)/\(summary.total)", summary.status, summary.restarts(now), pod.age(now: now),
                pod["status"]?["podIP"]?.string ?? "<none>", pod["spec"]?["nodeName"]?.string ?? "<none>", "<none>", "<none>",
            ],
            conditions: PodSummary.conditions(pod))
    }
}

/// What a Pod's row says of its containers (R104-R106), as Kubernetes sums them up.
struct PodSummary {
    private(set) var ready = 0
    private(set) var total: Int
    private(set) var status: String
    private var count = 0
    private var lastRestart: Timestamp?

    init(_ pod: Value) {
        let phase = pod["status"]?["phase"]?.string ?? "", sidecars = Self.sidecars(pod)
        total = (pod["spec"]?["containers"]?.array?.count ?? 0) + sidecars.count
        status = pod["status"]?["reason"]?.string ?? phase
        let isHeldUp = initialize(pod, sidecars)
        if !isHeldUp || Self.condition(pod, "Initialized") {
            let statuses = pod["status"]?["initContainerStatuses"]?.array ?? []
            (count, lastRestart) = (0, nil)
            for sidecar in statuses where sidecars.contains(sidecar["name"]?.string ?? "") { add(sidecar) }
            run(pod)
        }
        guard pod["metadata"]?["deletionTimestamp"] != nil, phase != "Succeeded", phase != "Failed" else { return }
        status = "Terminating"
    }

    private static func sidecars(_ pod: Value) -> Set<String> {
        let all = pod["spec"]?["initContainers"]?.array ?? []
        return Set(all.filter { $0["restartPolicy"]?.string == "Always" }.compactMap { $0["name"]?.string })
    }

    private mutating func add(_ container: Value) {
        count += container["restartCount"]?.int ?? 0
        guard let end = container["lastState"]?["terminated"]?["finishedAt"]?.string.flatMap({ Timestamp(rfc3339: $0) }) else { return }
        lastRestart = max(end, lastRestart ?? end)
    }

    /// Goes through the init containers up to the first that is not done; whether there is one.
    private mutating func initialize(_ pod: Value, _ sidecars: Set<String>) -> Bool {
        let all = pod["status"]?["initContainerStatuses"]?.array ?? []
        for (at, container) in all.enumerated() {
            let state = container["state"] ?? .null
            add(container)
            if state["terminated"]?["exitCode"]?.int == 0 { continue }
            if sidecars.contains(container["name"]?.string ?? ""), container["started"]?.bool == true {
                if container["ready"]?.bool == true { ready += 1 }
                continue
            }
            status = "Init:" + (Self.obstacle(state) ?? "\(at)/\(pod["spec"]?["initContainers"]?.array?.count ?? all.count)")
            return true
        }
        return false
    }

    private static func obstacle(_ state: Value) -> String? {
        if let ended = state["terminated"] { return end(ended) }
        guard let reason = state["waiting"]?["reason"]?.string, !reason.isEmpty, reason != "PodInitializing" else { return nil }
        return reason
    }

    private static func end(_ ended: Value) -> String {
        if let reason = ended["reason"]?.string, !reason.isEmpty { return reason }
        let signal = ended["signal"]?.int ?? 0
        return signal != 0 ? "Signal:\(signal)" : "ExitCode:\(ended["exitCode"]?.int ?? 0)"
    }

    /// Goes through the other containers: the first one's reason counts.
    private mutating func run(_ pod: Value) {
        var isRunning = false
        for container in (pod["status"]?["containerStatuses"]?.array ?? []).reversed() {
            let state = container["state"] ?? .null
            add(container)
            if let reason = state["waiting"]?["reason"]?.string, !reason.isEmpty {
                status = reason
            } else if let ended = state["terminated"] {
                status = Self.end(ended)
            } else if container["ready"]?.bool == true, state["running"] != nil {
                (isRunning, ready) = (true, ready + 1)
            }
        }
        if status == "Completed", isRunning { status = Self.condition(pod, "Ready") ? "Running" : "NotReady" }
    }

    private static func condition(_ pod: Value, _ type: String) -> Bool {
        let conditions = pod["status"]?["conditions"]?.array ?? []
        return conditions.first { $0["type"]?.string == type }?["status"]?.string == "True"
    }

    /// `2 (30s ago)`: when the last of them was.
    func restarts(_ now: Timestamp) -> String {
        guard count > 0, let lastRestart else { return String(count) }
        return "\(count) (\(HumanDuration.since(lastRestart, now: now)) ago)"
    }

    static func conditions(_ pod: Value) -> [Value] {
        let phase = pod["status"]?["phase"]?.string ?? ""
        let messages = ["Succeeded": "The pod has completed successfully.", "Failed": "The pod failed."]
        guard let message = messages[phase] else { return [] }
        return [["type": "Completed", "status": "True", "reason": .string(phase), "message": .string(message)]]
    }
}
