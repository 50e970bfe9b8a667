extension Schema {
    /// Volumes of single storage products, kept so that manifests round-trip.
    static let driverVolumeTypes: [String: Fields] = [
        "AWSElasticBlockStoreVolumeSource": [
            "fsType": .string, "partition": .int32, "readOnly": .bool, "volumeID": .string,
        ],
        "AzureDiskVolumeSource": [
            "cachingMode": .string, "diskName": .string, "diskURI": .string, "fsType": .string, "kind": .string,
            "readOnly": .bool,
        ],
        "AzureFileVolumeSource": [
            "readOnly": .bool, "secretName": .string, "shareName": .string,
        ],
        "CephFSVolumeSource": [
            "monitors": .list(.string), "path": .string, "readOnly": .bool, "secretFile": .string,
            "secretRef": .object("LocalObjectReference"), "user": .string,
        ],
        "CinderVolumeSource": [
            "fsType": .string, "readOnly": .bool, "secretRef": .object("LocalObjectReference"), "volumeID": .string,
        ],
        "FCVolumeSource": [
            "fsType": .string, "lun": .int32, "readOnly": .bool, "targetWWNs": .list(.string), "wwids": .list(.string),
        ],
        "FlexVolumeSource": [
            "driver": .string, "fsType": .string, "options": .map(.string), "readOnly": .bool,
            "secretRef": .object("LocalObjectReference"),
        ],
        "FlockerVolumeSource": [
            "datasetName": .string, "datasetUUID": .string,
        ],
        "GCEPersistentDiskVolumeSource": [
            "fsType": .string, "partition": .int32, "pdName": .string, "readOnly": .bool,
        ],
        "GitRepoVolumeSource": [
            "directory": .string, "repository": .string, "revision": .string,
        ],
        "GlusterfsVolumeSource": [
            "endpoints": .string, "path": .string, "readOnly": .bool,
        ],
        "ISCSIVolumeSource": [
            "chapAuthDiscovery": .bool, "chapAuthSession": .bool, "fsType": .string, "initiatorName": .string, "iqn": .string,
            "iscsiInterface": .string, "lun": .int32, "portals": .list(.string), "readOnly": .bool,
            "secretRef": .object("LocalObjectReference"), "targetPortal": .string,
        ],
        "PhotonPersistentDiskVolumeSource": [
            "fsType": .string, "pdID": .string,
        ],
        "PortworxVolumeSource": [
            "fsType": .string, "readOnly": .bool, "volumeID": .string,
        ],
        "QuobyteVolumeSource": [
            "group": .string, "readOnly": .bool, "registry": .string, "tenant": .string, "user": .string, "volume": .string,
        ],
        "RBDVolumeSource": [
            "fsType": .string, "image": .string, "keyring": .string, "monitors": .list(.string), "pool": .string,
            "readOnly": .bool, "secretRef": .object("LocalObjectReference"), "user": .string,
        ],
        "ScaleIOVolumeSource": [
            "fsType": .string, "gateway": .string, "protectionDomain": .string, "readOnly": .bool,
            "secretRef": .object("LocalObjectReference"), "sslEnabled": .bool, "storageMode": .string, "storagePool": .string,
            "system": .string, "volumeName": .string,
        ],
        "StorageOSVolumeSource": [
            "fsType": .string, "readOnly": .bool, "secretRef": .object("LocalObjectReference"), "volumeName": .string,
            "volumeNamespace": .string,
        ],
        "VsphereVirtualDiskVolumeSource": [
            "fsType": .string, "storagePolicyID": .string, "storagePolicyName": .string, "volumePath": .string,
        ],
    ]
}
