extension ProtobufTable {
    /// Volumes of a pod.
    static let volumeTypes: [String: Fields] = [
        "CSIVolumeSource": [
            1: ("driver", .string), 2: ("readOnly", .optional(.bool)), 3: ("fsType", .optional(.string)),
            4: ("volumeAttributes", .map(.string)), 5: ("nodePublishSecretRef", .optional(.object("LocalObjectReference"))),
        ],
        "ClusterTrustBundleProjection": [
            1: ("name", .optional(.string)), 2: ("signerName", .optional(.string)),
            3: ("labelSelector", .optional(.object("LabelSelector"))), 4: ("path", .string), 5: ("optional", .optional(.bool)),
        ],
        "ConfigMapProjection": [
            1: ("", .inline("LocalObjectReference")), 2: ("items", .list(.object("KeyToPath"))),
            4: ("optional", .optional(.bool)),
        ],
        "ConfigMapVolumeSource": [
            1: ("", .inline("LocalObjectReference")), 2: ("items", .list(.object("KeyToPath"))),
            3: ("defaultMode", .optional(.int32)), 4: ("optional", .optional(.bool)),
        ],
        "DownwardAPIProjection": [
            1: ("items", .list(.object("DownwardAPIVolumeFile"))),
        ],
        "DownwardAPIVolumeFile": [
            1: ("path", .string), 2: ("fieldRef", .optional(.object("ObjectFieldSelector"))),
            3: ("resourceFieldRef", .optional(.object("ResourceFieldSelector"))), 4: ("mode", .optional(.int32)),
        ],
        "DownwardAPIVolumeSource": [
            1: ("items", .list(.object("DownwardAPIVolumeFile"))), 2: ("defaultMode", .optional(.int32)),
        ],
        "EmptyDirVolumeSource": [
            1: ("medium", .string), 2: ("sizeLimit", .optional(.quantity)),
        ],
        "EphemeralVolumeSource": [
            1: ("volumeClaimTemplate", .optional(.object("PersistentVolumeClaimTemplate"))),
        ],
        "HostPathVolumeSource": [
            1: ("path", .string), 2: ("type", .optional(.string)),
        ],
        "ImageVolumeSource": [
            1: ("reference", .string), 2: ("pullPolicy", .string),
        ],
        "KeyToPath": [
            1: ("key", .string), 2: ("path", .string), 3: ("mode", .optional(.int32)),
        ],
        "NFSVolumeSource": [
            1: ("server", .string), 2: ("path", .string), 3: ("readOnly", .bool),
        ],
        "PersistentVolumeClaimTemplate": [
            1: ("metadata", .object("ObjectMeta")), 2: ("spec", .object("PersistentVolumeClaimSpec")),
        ],
        "PersistentVolumeClaimVolumeSource": [
            1: ("claimName", .string), 2: ("readOnly", .bool),
        ],
        "PodCertificateProjection": [
            1: ("signerName", .string), 2: ("keyType", .string), 3: ("maxExpirationSeconds", .optional(.int32)),
            4: ("credentialBundlePath", .string), 5: ("keyPath", .string), 6: ("certificateChainPath", .string),
        ],
        "ProjectedVolumeSource": [
            1: ("sources", .list(.object("VolumeProjection"))), 2: ("defaultMode", .optional(.int32)),
        ],
        "SecretProjection": [
            1: ("", .inline("LocalObjectReference")), 2: ("items", .list(.object("KeyToPath"))),
            4: ("optional", .optional(.bool)),
        ],
        "SecretVolumeSource": [
            1: ("secretName", .string), 2: ("items", .list(.object("KeyToPath"))), 3: ("defaultMode", .optional(.int32)),
            4: ("optional", .optional(.bool)),
        ],
        "ServiceAccountTokenProjection": [
            1: ("audience", .string), 2: ("expirationSeconds", .optional(.int64)), 3: ("path", .string),
        ],
        "Volume": [
            1: ("name", .string), 2: ("", .inline("VolumeSource")),
        ],
        "VolumeProjection": [
            1: ("secret", .optional(.object("SecretProjection"))),
            2: ("downwardAPI", .optional(.object("DownwardAPIProjection"))),
            3: ("configMap", .optional(.object("ConfigMapProjection"))),
            4: ("serviceAccountToken", .optional(.object("ServiceAccountTokenProjection"))),
            5: ("clusterTrustBundle", .optional(.object("ClusterTrustBundleProjection"))),
            6: ("podCertificate", .optional(.object("PodCertificateProjection"))),
        ],
        "VolumeSource": [
            1: ("hostPath", .optional(.object("HostPathVolumeSource"))),
            2: ("emptyDir", .optional(.object("EmptyDirVolumeSource"))),
            3: ("gcePersistentDisk", .optional(.object("GCEPersistentDiskVolumeSource"))),
            4: ("awsElasticBlockStore", .optional(.object("AWSElasticBlockStoreVolumeSource"))),
            5: ("gitRepo", .optional(.object("GitRepoVolumeSource"))), 6: ("secret", .optional(.object("SecretVolumeSource"))),
            7: ("nfs", .optional(.object("NFSVolumeSource"))), 8: ("iscsi", .optional(.object("ISCSIVolumeSource"))),
            9: ("glusterfs", .optional(.object("GlusterfsVolumeSource"))),
            10: ("persistentVolumeClaim", .optional(.object("PersistentVolumeClaimVolumeSource"))),
            11: ("rbd", .optional(.object("RBDVolumeSource"))), 12: ("flexVolume", .optional(.object("FlexVolumeSource"))),
            13: ("cinder", .optional(.object("CinderVolumeSource"))), 14: ("cephfs", .optional(.object("CephFSVolumeSource"))),
            15: ("flocker", .optional(.object("FlockerVolumeSource"))),
            16: ("downwardAPI", .optional(.object("DownwardAPIVolumeSource"))), 17: ("fc", .optional(.object("FCVolumeSource"))),
            18: ("azureFile", .optional(.object("AzureFileVolumeSource"))),
            19: ("configMap", .optional(.object("ConfigMapVolumeSource"))),
            20: ("vsphereVolume", .optional(.object("VsphereVirtualDiskVolumeSource"))),
            21: ("quobyte", .optional(.object("QuobyteVolumeSource"))),
            22: ("azureDisk", .optional(.object("AzureDiskVolumeSource"))),
            23: ("photonPersistentDisk", .optional(.object("PhotonPersistentDiskVolumeSource"))),
            24: ("portworxVolume", .optional(.object("PortworxVolumeSource"))),
            25: ("scaleIO", .optional(.object("ScaleIOVolumeSource"))),
            26: ("projected", .optional(.object("ProjectedVolumeSource"))),
            27: ("storageos", .optional(.object("StorageOSVolumeSource"))), 28: ("csi", .optional(.object("CSIVolumeSource"))),
            29: ("ephemeral", .optional(.object("EphemeralVolumeSource"))),
            30: ("image", .optional(.object("ImageVolumeSource"))),
        ],
    ]
}
