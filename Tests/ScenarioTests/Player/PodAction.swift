import BatchAPI

/// What is done to one pod.
struct PodAction {
    let player: Player
    let pod: Value
    let action: Value

    private var metadata: Value { pod["metadata"] ?? .null }
    private var path: String { player.sight.path("/api/v1", "pods/\(metadata["name"]?.string ?? "")") }

    /// `finished` takes the index and the time of an end.
    func play(_ finished: (String, Timestamp) -> Void) async throws {
        let now = player.world.now
        var finish: Timestamp?
        if let state = action["set"]?.string {
            let isBound = pod["spec"]?["nodeName"]?.string ?? "" != ""
            if !isBound, metadata["deletionTimestamp"] == nil, action["bind"]?.bool ?? true { try await bind("scenario-node") }
            let report = NodeReport(pod: pod, action: action, now: now)
            _ = try await player.send("PATCH", path + "/status", ["status": report.status])
            if ["Succeeded", "Failed"].contains(state) { finish = now.adding(milliseconds: Int64(-(action["ago"]?.number ?? 0) * 1000)) }
        } else if let node = action["bind"]?.string {
            try await bind(node)
        } else if action["evict"] != nil {
            _ = try await player.send(
                "POST", path + "/eviction", ["apiVersion": "policy/v1", "kind": "Eviction", "metadata": ["name": metadata["name"] ?? .null]])
            finish = now
        } else if action["gone"] != nil {
            _ = try await player.send("DELETE", path, ["gracePeriodSeconds": 0, "preconditions": ["uid": metadata["uid"] ?? .null]])
        } else {
            try await player.act(action, on: path)
            if action["delete"] != nil { finish = now }
        }
        if let finish { finished(player.sight.indexes[metadata["uid"]?.string ?? ""] ?? "", finish) }
    }

    private func bind(_ node: String) async throws {
        let target: Value = ["apiVersion": "v1", "kind": "Node", "name": .string(node)]
        _ = try await player.send(
            "POST", path + "/binding",
            ["apiVersion": "v1", "kind": "Binding", "metadata": ["name": metadata["name"] ?? .null], "target": target])
    }
}

/// The kinds that scenarios make.
enum Kinds {
    static let resources = [
        "Job": "jobs", "CronJob": "cronjobs", "Pod": "pods", "ConfigMap": "configmaps", "ResourceQuota": "resourcequotas", "Service": "services",
        "PodDisruptionBudget": "poddisruptionbudgets",
    ]
    static let bases = [
        "jobs": "/apis/batch/v1", "cronjobs": "/apis/batch/v1", "pods": "/api/v1", "configmaps": "/api/v1", "resourcequotas": "/api/v1",
        "services": "/api/v1", "poddisruptionbudgets": "/apis/policy/v1",
    ]
    private static let podSpec: Value = [
        "schedulerName": "nobody", "restartPolicy": "Never", "containers": [["name": "c", "image": "none"]],
    ]
    static let defaults: [String: Value] = [
        "Job": ["metadata": ["name": "j"], "spec": ["template": ["spec": podSpec]]], "Pod": ["spec": podSpec],
    ]
}

enum Tables {
    /// The named columns of a table, its rows sorted.
    static func cells(of path: String, _ columns: [String], _ sight: Sight) async throws -> Value {
        let table = await sight.world.send("GET", path, nil, accept: "application/json;as=Table;v=v1;g=meta.k8s.io").value
        let names = (table["columnDefinitions"]?.array ?? []).map { $0["name"]?.string ?? "" }
        let rows = (table["rows"]?.array ?? []).map { row -> [String] in
            columns.map { column in
                let cell = names.firstIndex(of: column).flatMap { row["cells"]?.array?[$0] }
                return sight.mask(cell?.string ?? cell?.encoded() ?? "").replacing(/\(\S+ ago\)/, with: "(<age> ago)")
            }
        }
        return .array(rows.sorted { $0.lexicographicallyPrecedes($1) }.map { .strings($0) })
    }
}
