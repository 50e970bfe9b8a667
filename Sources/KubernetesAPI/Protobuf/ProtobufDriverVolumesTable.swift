extension ProtobufTable {
    /// Volumes of single drivers.
    static let driverVolumeTypes: [String: Fields] = [
        "AWSElasticBlockStoreVolumeSource": [
            1: ("volumeID", .string), 2: ("fsType", .string), 3: ("partition", .int32), 4: ("readOnly", .bool),
        ],
        "AzureDiskVolumeSource": [
            1: ("diskName", .string), 2: ("diskURI", .string), 3: ("cachingMode", .optional(.string)),
            4: ("fsType", .optional(.string)), 5: ("readOnly", .optional(.bool)), 6: ("kind", .optional(.string)),
        ],
        "AzureFileVolumeSource": [
            1: ("secretName", .string), 2: ("shareName", .string), 3: ("readOnly", .bool),
        ],
        "CephFSVolumeSource": [
            1: ("monitors", .list(.string)), 2: ("path", .string), 3: ("user", .string), 4: ("secretFile", .string),
            5: ("secretRef", .optional(.object("LocalObjectReference"))), 6: ("readOnly", .bool),
        ],
        "CinderVolumeSource": [
            1: ("volumeID", .string), 2: ("fsType", .string), 3: ("readOnly", .bool),
            4: ("secretRef", .optional(.object("LocalObjectReference"))),
        ],
        "FCVolumeSource": [
            1: ("targetWWNs", .list(.string)), 2: ("lun", .optional(.int32)), 3: ("fsType", .string), 4: ("readOnly", .bool),
            5: ("wwids", .list(.string)),
        ],
        "FlexVolumeSource": [
            1: ("driver", .string), 2: ("fsType", .string), 3: ("secretRef", .optional(.object("LocalObjectReference"))),
            4: ("readOnly", .bool), 5: ("options", .map(.string)),
        ],
        "FlockerVolumeSource": [
            1: ("datasetName", .string), 2: ("datasetUUID", .string),
        ],
        "GCEPersistentDiskVolumeSource": [
            1: ("pdName", .string), 2: ("fsType", .string), 3: ("partition", .int32), 4: ("readOnly", .bool),
        ],
        "GitRepoVolumeSource": [
            1: ("repository", .string), 2: ("revision", .string), 3: ("directory", .string),
        ],
        "GlusterfsVolumeSource": [
            1: ("endpoints", .string), 2: ("path", .string), 3: ("readOnly", .bool),
        ],
        "ISCSIVolumeSource": [
            1: ("targetPortal", .string), 2: ("iqn", .string), 3: ("lun", .int32), 4: ("iscsiInterface", .string),
            5: ("fsType", .string), 6: ("readOnly", .bool), 7: ("portals", .list(.string)), 8: ("chapAuthDiscovery", .bool),
            10: ("secretRef", .optional(.object("LocalObjectReference"))), 11: ("chapAuthSession", .bool),
            12: ("initiatorName", .optional(.string)),
        ],
        "PhotonPersistentDiskVolumeSource": [
            1: ("pdID", .string), 2: ("fsType", .string),
        ],
        "PortworxVolumeSource": [
            1: ("volumeID", .string), 2: ("fsType", .string), 3: ("readOnly", .bool),
        ],
        "QuobyteVolumeSource": [
            1: ("registry", .string), 2: ("volume", .string), 3: ("readOnly", .bool), 4: ("user", .string), 5: ("group", .string),
            6: ("tenant", .string),
        ],
        "RBDVolumeSource": [
            1: ("monitors", .list(.string)), 2: ("image", .string), 3: ("fsType", .string), 4: ("pool", .string),
            5: ("user", .string), 6: ("keyring", .string), 7: ("secretRef", .optional(.object("LocalObjectReference"))),
            8: ("readOnly", .bool),
        ],
        "ScaleIOVolumeSource": [
            1: ("gateway", .string), 2: ("system", .string), 3: ("secretRef", .optional(.object("LocalObjectReference"))),
            4: ("sslEnabled", .bool), 5: ("protectionDomain", .string), 6: ("storagePool", .string), 7: ("storageMode", .string),
            8: ("volumeName", .string), 9: ("fsType", .string), 10: ("readOnly", .bool),
        ],
        "StorageOSVolumeSource": [
            1: ("volumeName", .string), 2: ("volumeNamespace", .string), 3: ("fsType", .string), 4: ("readOnly", .bool),
            5: ("secretRef", .optional(.object("LocalObjectReference"))),
        ],
        "VsphereVirtualDiskVolumeSource": [
            1: ("volumePath", .string), 2: ("fsType", .string), 3: ("storagePolicyName", .string),
            4: ("storagePolicyID", .string),
        ],
    ]
}
