extension ProtobufTable {
    /// Claims, and objects that hold data.
    static let storageTypes: [String: Fields] = [
        "ConfigMap": [
            1: ("metadata", .object("ObjectMeta")), 2: ("data", .map(.string)), 3: ("binaryData", .map(.bytes)),
            4: ("immutable", .optional(.bool)),
        ],
        "LocalObjectReference": [
            1: ("name", .string),
        ],
        "ModifyVolumeStatus": [
            1: ("targetVolumeAttributesClassName", .string), 2: ("status", .string),
        ],
        "PersistentVolumeClaim": [
            1: ("metadata", .object("ObjectMeta")), 2: ("spec", .object("PersistentVolumeClaimSpec")),
            3: ("status", .object("PersistentVolumeClaimStatus")),
        ],
        "PersistentVolumeClaimCondition": [
            1: ("type", .string), 2: ("status", .string), 3: ("lastProbeTime", .time), 4: ("lastTransitionTime", .time),
            5: ("reason", .string), 6: ("message", .string),
        ],
        "PersistentVolumeClaimSpec": [
            1: ("accessModes", .list(.string)), 2: ("resources", .object("VolumeResourceRequirements")),
            3: ("volumeName", .string), 4: ("selector", .optional(.object("LabelSelector"))),
            5: ("storageClassName", .optional(.string)), 6: ("volumeMode", .optional(.string)),
            7: ("dataSource", .optional(.object("TypedLocalObjectReference"))),
            8: ("dataSourceRef", .optional(.object("TypedObjectReference"))),
            9: ("volumeAttributesClassName", .optional(.string)),
        ],
        "PersistentVolumeClaimStatus": [
            1: ("phase", .string), 2: ("accessModes", .list(.string)), 3: ("capacity", .map(.quantity)),
            4: ("conditions", .list(.object("PersistentVolumeClaimCondition"))), 5: ("allocatedResources", .map(.quantity)),
            7: ("allocatedResourceStatuses", .map(.string)), 8: ("currentVolumeAttributesClassName", .optional(.string)),
            9: ("modifyVolumeStatus", .optional(.object("ModifyVolumeStatus"))),
        ],
        "Secret": [
            1: ("metadata", .object("ObjectMeta")), 2: ("data", .map(.bytes)), 3: ("type", .string),
            4: ("stringData", .map(.string)), 5: ("immutable", .optional(.bool)),
        ],
        "TypedLocalObjectReference": [
            1: ("apiGroup", .optional(.string)), 2: ("kind", .string), 3: ("name", .string),
        ],
        "TypedObjectReference": [
            1: ("apiGroup", .optional(.string)), 2: ("kind", .string), 3: ("name", .string), 4: ("namespace", .optional(.string)),
        ],
        "VolumeResourceRequirements": [
            1: ("limits", .map(.quantity)), 2: ("requests", .map(.quantity)),
        ],
    ]
}
