import Broker

extension StoreFigures {
    /// As Prometheus reads them.
    var families: [MetricFamily] {
        let reports: [(Count, String)] = [(.succeeded, "succeeded"), (.failed, "failed"), (.released, "released")]
        let pods: [(Count, String)] = [(.podsNew, "new"), (.podsAgain, "recreate_terminating_or_failed"), (.podsFailed, "recreate_failed")]
        return [
            MetricFamily("drover_jobs", .gauge, states.sorted { $0.key < $1.key }.map { ([("state", $0.key)], Double($0.value)) }),
            MetricFamily("drover_items", .gauge, Self.itemLevels.map { ([("state", $0.rawValue)], Double(levels[$0] ?? 0)) }),
            MetricFamily("drover_agenda_length", .gauge, [([], Double(levels[.agenda] ?? 0))]),
            MetricFamily("drover_nodes", .gauge, [([], Double(levels[.nodes] ?? 0))]),
            MetricFamily("drover_claims_total", .counter, [([], number(.claims))]),
            MetricFamily("drover_reports_total", .counter, reports.map { ([("result", $0.1)], number($0.0)) }),
            MetricFamily("drover_leases_expired_total", .counter, [([], number(.expired))]),
            MetricFamily(
                "job_controller_job_pods_creation_total", .counter,
                pods.map { ([("reason", $0.1), ("status", "succeeded")], number($0.0)) }),
        ]
    }

    private static let itemLevels = Level.allCases.filter { $0 != .agenda && $0 != .nodes }
    private static let knownStates = [
        "Complete", "Deleting", "Failed", "FailureTarget", "ManagedBy", "Other", "Running", "SuccessCriteriaMet", "Suspended", "new",
    ]

    /// Jobs by state: the same bounded set always, whatever reasons there are.
    private var states: [String: Int] {
        var states = Dictionary(uniqueKeysWithValues: Self.knownStates.map { ($0, 0) })
        for (gate, count) in gates { states[gate.isEmpty ? "Running" : states[gate] == nil ? "Other" : gate]! += count }
        return states
    }

    private func number(_ count: Count) -> Double { Double(counts[count] ?? 0) }
}

extension API {
    /// What Prometheus asks for. Without the store its figures are missing, the server's own are there.
    func metricsPage() async -> APIResponse {
        var families: [MetricFamily]
        do { families = try await broker.figures().families } catch { families = [] }
        families.append(MetricFamily("drover_store_up", .gauge, [([], families.isEmpty ? 0 : 1)]))
        var response = APIResponse.text((families + options.metrics.families).map(\.text).joined())
        response.contentType = "text/plain; version=0.0.4; charset=utf-8"
        return response
    }
}
