import BatchAPI

/// The tables of kinds that are only kept.
enum ObjectTables {
    static func layout(_ resource: String) -> TableLayout {
        switch resource {
        case "configmaps": configMaps
        case "secrets": secrets
        case "persistentvolumeclaims": claims
        default: plain
        }
    }

    private static func count(_ object: Value, _ fields: String...) -> String { String(fields.reduce(0) { $0 + (object[$1]?.object?.count ?? 0) }) }

    private static let plain = TableLayout(columns: TableColumns.plain([])) { object, now in
        TableLayout.Row(cells: [object.objectName, object.age(now: now)])
    }

    private static let configMaps = TableLayout(
        columns: TableColumns.plain([TableColumn(name: "Data", description: "How many keys it holds.")])
    ) { object, now in
        TableLayout.Row(cells: [object.objectName, count(object, "data", "binaryData"), object.age(now: now)])
    }

    private static let secrets = TableLayout(
        columns: TableColumns.plain([
            TableColumn(name: "Type", description: "What the secret is for."), TableColumn(name: "Data", description: "How many keys it holds."),
        ])
    ) { object, now in
        TableLayout.Row(cells: [object.objectName, object["type"]?.string ?? "", count(object, "data"), object.age(now: now)])
    }

    private static let claims = TableLayout(
        columns: TableColumns.plain([
            TableColumn(name: "Status", description: "Whether the claim can be mounted."), TableColumn(name: "Volume", description: "What the claim is bound to."),
            TableColumn(name: "Capacity", description: "How much was asked for."), TableColumn(name: "Access Modes", description: "How it may be mounted."),
            TableColumn(name: "StorageClass", description: "The class that was asked for."),
            TableColumn(name: "VolumeAttributesClass", description: "The attributes class that was asked for."),
        ])
    ) { claim, now in
        let spec = claim["spec"] ?? .null, short = ["ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"]
        let modes = (spec["accessModes"]?.strings ?? []).map { short[$0] ?? $0 }.joined(separator: ",")
        return TableLayout.Row(cells: [
            claim.objectName, claim["status"]?["phase"]?.string ?? "", spec["volumeName"]?.string ?? "",
            claim["status"]?["capacity"]?["storage"]?.string ?? "", modes, spec["storageClassName"]?.string ?? "",
            spec["volumeAttributesClassName"]?.string ?? "<unset>", claim.age(now: now),
        ])
    }
}
