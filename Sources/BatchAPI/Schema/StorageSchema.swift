extension Schema {
    /// Claims, and objects that hold data.
    static let storageTypes: [String: Fields] = [
        "ConfigMap": [
            "apiVersion": .string, "binaryData": .map(.bytes), "data": .map(.string), "immutable": .bool, "kind": .string,
            "metadata": .object("ObjectMeta"),
        ],
        "ModifyVolumeStatus": [
            "status": .string, "targetVolumeAttributesClassName": .string,
        ],
        "PersistentVolumeClaim": [
            "apiVersion": .string, "kind": .string, "metadata": .object("ObjectMeta"),
            "spec": .object("PersistentVolumeClaimSpec"), "status": .object("PersistentVolumeClaimStatus"),
        ],
        "PersistentVolumeClaimCondition": [
            "lastProbeTime": .time, "lastTransitionTime": .time, "message": .string, "reason": .string, "status": .string,
            "type": .string,
        ],
        "PersistentVolumeClaimSpec": [
            "accessModes": .list(.string), "dataSource": .object("TypedLocalObjectReference"),
            "dataSourceRef": .object("TypedObjectReference"), "resources": .object("VolumeResourceRequirements"),
            "selector": .object("LabelSelector"), "storageClassName": .string, "volumeAttributesClassName": .string,
            "volumeMode": .string, "volumeName": .string,
        ],
        "PersistentVolumeClaimStatus": [
            "accessModes": .list(.string), "allocatedResourceStatuses": .map(.string), "allocatedResources": .map(.quantity),
            "capacity": .map(.quantity), "conditions": .list(.object("PersistentVolumeClaimCondition"), mergeKey: "type"),
            "currentVolumeAttributesClassName": .string, "modifyVolumeStatus": .object("ModifyVolumeStatus"),
            "phase": .string,
        ],
        "PersistentVolumeClaimTemplate": [
            "metadata": .object("ObjectMeta"), "spec": .object("PersistentVolumeClaimSpec"),
        ],
        "Secret": [
            "apiVersion": .string, "data": .map(.bytes), "immutable": .bool, "kind": .string,
            "metadata": .object("ObjectMeta"), "stringData": .map(.string), "type": .string,
        ],
        "TypedLocalObjectReference": [
            "apiGroup": .string, "kind": .string, "name": .string,
        ],
        "TypedObjectReference": [
            "apiGroup": .string, "kind": .string, "name": .string, "namespace": .string,
        ],
        "VolumeResourceRequirements": [
            "limits": .map(.quantity), "requests": .map(.quantity),
        ],
    ]
}
