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

    private static func count(_ object: Value, _ fields: String...) -> Value { .int(Int64(fields.reduce(0) { $0 + (object[$1]?.object?.count ?? 0) })) }

    private static func age(_ object: Value, _ now: Timestamp) -> Value { .string(object.age(now: now)) }

    private static let plain = TableLayout(columns: TableColumns.plain([])) { object, now in
        TableLayout.Row(cells: [object.objectName, object.age(now: now)])
    }

    private static let configMaps = TableLayout(columns: TableColumns.plain([ObjectColumns.configMapData])) { object, now in
        TableLayout.Row(values: [.string(object.objectName), count(object, "data", "binaryData"), age(object, now)])
    }

    private static let secrets = TableLayout(columns: TableColumns.plain(ObjectColumns.secret)) { object, now in
        TableLayout.Row(values: [.string(object.objectName), object["type"] ?? "", count(object, "data"), age(object, now)])
    }

    private static let claims = TableLayout(columns: TableColumns.plain(ObjectColumns.claim) + [ObjectColumns.claimMode]) { claim, now in
        let spec = claim["spec"] ?? .null, status = claim["status"] ?? .null
        let short = ["ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"]
        let phase = claim["metadata"]?["deletionTimestamp"] == nil ? status["phase"]?.string ?? "" : "Terminating"
        return TableLayout.Row(cells: [
            claim.objectName, phase, spec["volumeName"]?.string ?? "", status["capacity"]?["storage"]?.string ?? "",
            (status["accessModes"]?.strings ?? []).map { short[$0] ?? $0 }.joined(separator: ","), spec["storageClassName"]?.string ?? "",
            status["currentVolumeAttributesClassName"]?.string ?? "<unset>", claim.age(now: now), spec["volumeMode"]?.string ?? "<unset>",
        ])
    }
}
