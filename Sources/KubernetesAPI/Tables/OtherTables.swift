import BatchAPI

extension TableLayout {
    /// `kubectl get nodes`.
    static let nodes = TableLayout(columns: TableColumns.nodes) { node, now in
        let info = node["status"]?["nodeInfo"] ?? .null
        func known(_ key: String) -> String {
            let text = info[key]?.string ?? ""
            return text.isEmpty ? "<unknown>" : text
        }
        let ready = node["status"]?["conditions"]?.array?.first { $0["type"]?.string == "Ready" }
        let isCordoned = node["spec"]?["unschedulable"]?.bool ?? false
        return Row(cells: [
            node.objectName, (ready?["status"]?.string == "True" ? "Ready" : "NotReady") + (isCordoned ? ",SchedulingDisabled" : ""), "<none>", node.age(now: now),
            info["kubeletVersion"]?.string ?? "", "<none>", "<none>", known("osImage"), known("kernelVersion"), known("containerRuntimeVersion"),
        ])
    }

    /// `kubectl get leases`.
    static let leases = TableLayout(columns: TableColumns.leases) { lease, now in
        Row(cells: [lease.objectName, lease["spec"]?["holderIdentity"]?.string ?? "", lease.age(now: now)])
    }

    /// `kubectl get namespaces`.
    static let namespaces = TableLayout(columns: TableColumns.namespaces) { namespace, now in
        Row(cells: [namespace.objectName, namespace["status"]?["phase"]?.string ?? "", namespace.age(now: now)])
    }
}
