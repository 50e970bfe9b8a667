import BatchAPI

/// The defaults that a schema shows. Most follow from rules: a scalar that must be there shows its zero, an object that is never absent shows
/// `{}`.
enum OpenAPIDefaults {
    static func value(_ type: String, _ field: String, _ fieldType: Schema.FieldType) -> Value? {
        if let special = special["\(type).\(field)"] { return special }
        let isRequired = OpenAPIRequired.fields[type]?.contains(field) == true && !bare.contains("\(type).\(field)")
        switch fieldType {
        case .object where ["metadata", "spec", "status"].contains(field) || embedded.contains("\(type).\(field)"): return .object([:])
        case .object: return isRequired ? .object([:]) : nil
        case .string: return isRequired ? "" : nil
        case .int32, .int64: return isRequired ? 0 : nil
        case .bool: return isRequired ? false : nil
        default: return nil
        }
    }

    /// Objects that are never absent although nobody must write them.
    private static let embedded: Set<String> = [
        "Container.resources", "ContainerStatus.lastState", "ContainerStatus.state", "EphemeralContainer.resources", "Event.source",
        "NodeDaemonEndpoints.kubeletEndpoint", "NodeStatus.daemonEndpoints", "NodeStatus.nodeInfo", "PersistentVolumeClaimSpec.resources",
        "events.Event.deprecatedSource", "events.Event.regarding", "SelfSubjectReviewStatus.userInfo",
    ]

    /// Fields that must be there, yet show no default.
    private static let bare: Set<String> = [
        "ScaleIOVolumeSource.secretRef", "ContainerRestartRule.action", "ContainerRestartRuleOnExitCodes.operator",
        "ImageVolumeStatus.imageRef", "PodCertificateProjection.keyType", "PodCertificateProjection.signerName",
    ]

    private static let special: [String: Value] = [
        "PodFailurePolicyOnPodConditionsPattern.status": "", "AzureDiskVolumeSource.cachingMode": "ReadWrite",
        "AzureDiskVolumeSource.fsType": "ext4", "AzureDiskVolumeSource.kind": "Shared", "AzureDiskVolumeSource.readOnly": false,
        "ConfigMapEnvSource.name": "", "ConfigMapKeySelector.name": "", "ConfigMapProjection.name": "", "ConfigMapVolumeSource.name": "",
        "ContainerPort.protocol": "TCP", "Event.reportingComponent": "", "Event.reportingInstance": "", "FileKeySelector.optional": false,
        "GRPCAction.service": "", "ISCSIVolumeSource.iscsiInterface": "default", "LocalObjectReference.name": "",
        "NodeRuntimeHandler.name": "", "RBDVolumeSource.keyring": "/etc/ceph/keyring", "RBDVolumeSource.pool": "rbd",
        "RBDVolumeSource.user": "admin", "ScaleIOVolumeSource.fsType": "xfs", "ScaleIOVolumeSource.storageMode": "ThinProvisioned",
        "SecretEnvSource.name": "", "SecretKeySelector.name": "", "SecretProjection.name": "",
    ]
}
