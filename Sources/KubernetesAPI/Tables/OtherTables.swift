import BatchAPI

extension TableLayout {
    /// `kubectl get nodes`.
    static let nodes = TableLayout(columns: TableColumns.nodes) { node, now in
        Row(cells: [
            node.objectName, NodeCells.status(node), NodeCells.roles(node), node.age(now: now), NodeCells.info(node, "kubeletVersion") ?? "",
            NodeCells.address(node, "InternalIP"), NodeCells.address(node, "ExternalIP"), NodeCells.info(node, "osImage") ?? "<unknown>",
            NodeCells.kernel(node), NodeCells.info(node, "containerRuntimeVersion") ?? "<unknown>",
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

/// The cells of a Node's row.
private enum NodeCells {
    static func status(_ node: Value) -> String {
        let ready = node["status"]?["conditions"]?.array?.first { $0["type"]?.string == "Ready" }
        let text = ready.map { $0["status"]?.string == "True" ? "Ready" : "NotReady" } ?? "Unknown"
        return node["spec"]?["unschedulable"]?.bool ?? false ? text + ",SchedulingDisabled" : text
    }

    /// As labels say them.
    static func roles(_ node: Value) -> String {
        let prefix = "node-role.kubernetes.io/", labels = node["metadata"]?["labels"]?.stringMap ?? [:]
        var roles = Set(labels.keys.filter { $0.hasPrefix(prefix) && $0 != prefix }.map { String($0.dropFirst(prefix.count)) })
        if let role = labels["kubernetes.io/role"], !role.isEmpty { roles.insert(role) }
        return roles.isEmpty ? "<none>" : roles.sorted().joined(separator: ",")
    }

    static func address(_ node: Value, _ type: String) -> String {
        (node["status"]?["addresses"]?.array ?? []).first { $0["type"]?.string == type }?["address"]?.string ?? "<none>"
    }

    /// What the node says of itself; nil if nothing.
    static func info(_ node: Value, _ key: String) -> String? {
        node["status"]?["nodeInfo"]?[key]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    static func kernel(_ node: Value) -> String {
        guard let kernel = info(node, "kernelVersion") else { return "<unknown>" }
        return info(node, "architecture").map { "\(kernel) (\($0))" } ?? kernel
    }
}
