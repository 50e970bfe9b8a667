extension Schema {
    /// Volumes of a pod.
    static let volumeTypes: [String: Fields] = [
        "CSIVolumeSource": [
            "driver": .string, "fsType": .string, "nodePublishSecretRef": .object("LocalObjectReference"), "readOnly": .bool,
            "volumeAttributes": .map(.string),
        ],
        "ClusterTrustBundleProjection": [
            "labelSelector": .object("LabelSelector"), "name": .string, "optional": .bool, "path": .string,
            "signerName": .string,
        ],
        "ConfigMapProjection": [
            "items": .list(.object("KeyToPath")), "name": .string, "optional": .bool,
        ],
        "ConfigMapVolumeSource": [
            "defaultMode": .int32, "items": .list(.object("KeyToPath")), "name": .string, "optional": .bool,
        ],
        "DownwardAPIProjection": [
            "items": .list(.object("DownwardAPIVolumeFile")),
        ],
        "DownwardAPIVolumeFile": [
            "fieldRef": .object("ObjectFieldSelector"), "mode": .int32, "path": .string,
            "resourceFieldRef": .object("ResourceFieldSelector"),
        ],
        "DownwardAPIVolumeSource": [
            "defaultMode": .int32, "items": .list(.object("DownwardAPIVolumeFile")),
        ],
        "EmptyDirVolumeSource": [
            "medium": .string, "sizeLimit": .quantity,
        ],
        "EphemeralVolumeSource": [
            "volumeClaimTemplate": .object("PersistentVolumeClaimTemplate"),
        ],
        "HostPathVolumeSource": [
            "path": .string, "type": .string,
        ],
        "ImageVolumeSource": [
            "pullPolicy": .string, "reference": .string,
        ],
        "KeyToPath": [
            "key": .string, "mode": .int32, "path": .string,
        ],
        "NFSVolumeSource": [
            "path": .string, "readOnly": .bool, "server": .string,
        ],
        "PersistentVolumeClaimVolumeSource": [
            "claimName": .string, "readOnly": .bool,
        ],
        "PodCertificateProjection": [
            "certificateChainPath": .string, "credentialBundlePath": .string, "keyPath": .string, "keyType": .string,
            "maxExpirationSeconds": .int32, "signerName": .string, "userAnnotations": .map(.string),
        ],
        "ProjectedVolumeSource": [
            "defaultMode": .int32, "sources": .list(.object("VolumeProjection")),
        ],
        "SecretProjection": [
            "items": .list(.object("KeyToPath")), "name": .string, "optional": .bool,
        ],
        "SecretVolumeSource": [
            "defaultMode": .int32, "items": .list(.object("KeyToPath")), "optional": .bool, "secretName": .string,
        ],
        "ServiceAccountTokenProjection": [
            "audience": .string, "expirationSeconds": .int64, "path": .string,
        ],
        "Volume": [
            "awsElasticBlockStore": .object("AWSElasticBlockStoreVolumeSource"),
            "azureDisk": .object("AzureDiskVolumeSource"), "azureFile": .object("AzureFileVolumeSource"),
            "cephfs": .object("CephFSVolumeSource"), "cinder": .object("CinderVolumeSource"),
            "configMap": .object("ConfigMapVolumeSource"), "csi": .object("CSIVolumeSource"),
            "downwardAPI": .object("DownwardAPIVolumeSource"), "emptyDir": .object("EmptyDirVolumeSource"),
            "ephemeral": .object("EphemeralVolumeSource"), "fc": .object("FCVolumeSource"),
            "flexVolume": .object("FlexVolumeSource"), "flocker": .object("FlockerVolumeSource"),
            "gcePersistentDisk": .object("GCEPersistentDiskVolumeSource"), "gitRepo": .object("GitRepoVolumeSource"),
            "glusterfs": .object("GlusterfsVolumeSource"), "hostPath": .object("HostPathVolumeSource"),
            "image": .object("ImageVolumeSource"), "iscsi": .object("ISCSIVolumeSource"), "name": .string,
            "nfs": .object("NFSVolumeSource"), "persistentVolumeClaim": .object("PersistentVolumeClaimVolumeSource"),
            "photonPersistentDisk": .object("PhotonPersistentDiskVolumeSource"),
            "portworxVolume": .object("PortworxVolumeSource"), "projected": .object("ProjectedVolumeSource"),
            "quobyte": .object("QuobyteVolumeSource"), "rbd": .object("RBDVolumeSource"),
            "scaleIO": .object("ScaleIOVolumeSource"), "secret": .object("SecretVolumeSource"),
            "storageos": .object("StorageOSVolumeSource"), "vsphereVolume": .object("VsphereVirtualDiskVolumeSource"),
        ],
        "VolumeProjection": [
            "clusterTrustBundle": .object("ClusterTrustBundleProjection"), "configMap": .object("ConfigMapProjection"),
            "downwardAPI": .object("DownwardAPIProjection"), "podCertificate": .object("PodCertificateProjection"),
            "secret": .object("SecretProjection"), "serviceAccountToken": .object("ServiceAccountTokenProjection"),
        ],
    ]
}
